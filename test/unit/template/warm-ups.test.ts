import { describe, expect, it } from 'bun:test';
import { loadCorpus, loadWarmUps } from '../../../src/template/warm-ups.ts';
import { languages } from '../../../vm-images/languages/mod.ts';

describe('the corpus', () => {
  it('has programs in every language, one of which ends by an error', async () => {
    const corpus = await loadCorpus();
    for (const { name } of languages) {
      const statuses = corpus
        .filter(({ language }) => language === name)
        .map((program) => program.expectedStatus);
      expect(statuses.some((status) => status > 0)).toBeTrue();
    }
    expect(corpus.every(({ code }) => code.length > 0)).toBeTrue();
  });

  it('takes status and standard input from the files beside each other', async () => {
    const corpus = await loadCorpus();
    const script = corpus.find(({ code }) => code.includes('not a number in row'));
    expect(script).toMatchObject({ language: 'javascript', expectedStatus: 3, stdin: '1,2,3\n4,5,x\n' });
    const language = corpus.find(({ code }) => code.includes('class Vehicle'));
    expect(language).toMatchObject({ language: 'javascript', expectedStatus: 0 });
    expect(language?.stdin).toBeUndefined();
  });

  it('has the languages in the order of the warm-ups', async () => {
    const order = async (programs: Promise<readonly { language: string }[]>) => [
      ...new Set((await programs).map(({ language }) => language)),
    ];
    expect(await order(loadCorpus())).toEqual(await order(loadWarmUps()));
  });
});
