/** The shortest program that says something, in each language. */
import type { BenchLanguage, BenchProgram } from '../comparator.ts';

export const HELLO_OUTPUT = 'hello, world\n';

const CODE: Readonly<Record<BenchLanguage, string>> = {
  javascript: "console.log('hello, world')",
  typescript: "const greeting: string = 'hello, world'; console.log(greeting)",
  python: "print('hello, world')",
  bash: 'echo hello, world',
};

export const LANGUAGES: readonly BenchLanguage[] = ['javascript', 'typescript', 'python', 'bash'];

export const hello = (language: BenchLanguage): BenchProgram => ({ language, code: CODE[language] });
