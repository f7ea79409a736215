/** The languages that the image carries, in the order the API lists them. */
import { bash } from './bash.ts';
import { javascript } from './javascript.ts';
import type { Language } from './language.ts';
import { python } from './python.ts';
import { typescript } from './typescript.ts';

export type { Language } from './language.ts';

export const languages: readonly Language[] = [javascript, typescript, python, bash];
export const defaultLanguage: Language = javascript;

/** Finds a language by its name or an alias, in any case. */
export function findLanguage(name: string): Language | undefined {
  const wanted = name.toLowerCase();
  return languages.find((language) => language.name === wanted || language.aliases.includes(wanted));
}
