/** Whether an answer holds what a document's sample response holds: the same fields, of the same types and forms. */
import { isRecord } from '../support/http-client.ts';

/** Forms that a text in a sample shows: an answer's text has the same form as the sample's. */
const FORMS: readonly (readonly [name: string, RegExp])[] = [
  ['a size', /^\d+(\.\d+)? (B|KiB|MiB|GiB)$/],
  ['a whole number', /^\d+$/],
  ['an IPv4 address', /^(\d{1,3}\.){3}\d{1,3}$/],
  ['a runner', /^runner-\d+$/],
  ['a state', /^(RESTORING|READY|RUNNING|RETIRING)$/],
];
/** Samples that say in words what belongs there. */
const PLACEHOLDERS = new Map([['Runner name', /^runner-\d+$/]]);

/**
 * What of the sample the answer lacks; empty when it is contained.
 * Each element of an array in the sample must be contained in some element of the answer's.
 */
export function missing(sample: unknown, answer: unknown, path = ''): string[] {
  if (Array.isArray(sample)) {
    if (!Array.isArray(answer)) return [`${path} is no array: ${JSON.stringify(answer)}`];
    return sample.flatMap((element: unknown, index) => {
      const tries = answer.map((candidate: unknown) => missing(element, candidate, `${path}[${index}]`));
      const best = tries.toSorted((a, b) => a.length - b.length)[0];
      return best ?? [`${path}[${index}] has nothing to match in an empty array`];
    });
  }
  if (isRecord(sample)) {
    if (!isRecord(answer)) return [`${path} is no object: ${JSON.stringify(answer)}`];
    return Object.entries(sample).flatMap(([key, value]) =>
      Object.hasOwn(answer, key)
        ? missing(value, answer[key], `${path}.${key}`)
        : [`${path}.${key} is not there`],
    );
  }
  if (typeof sample !== typeof answer) {
    return [`${path} is ${JSON.stringify(answer)}, the sample's is ${JSON.stringify(sample)}`];
  }
  return typeof sample === 'string' ? wrongForm(sample, String(answer), path) : [];
}

function wrongForm(sample: string, answer: string, path: string): string[] {
  const [name, form] = FORMS.find(([, pattern]) => pattern.test(sample)) ?? [
    sample,
    PLACEHOLDERS.get(sample),
  ];
  if (form === undefined || form.test(answer)) return [];
  return [`${path} is not ${name}: ${JSON.stringify(answer)}`];
}
