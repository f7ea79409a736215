/** The header `Server-Timing` (W3C). */

export type Stage = { readonly name: string; readonly ms: number };

/** Its metrics that have a duration, in their order; what is not of the header's form is left out. */
export function parseServerTiming(header: string): Stage[] {
  return header.split(',').flatMap((metric) => {
    const [name = '', ...parameters] = metric.split(';').map((part) => part.trim());
    const duration = parameters.map((each) => /^dur=(\d+(?:\.\d+)?)$/.exec(each)?.[1]).find(Boolean);
    return name === '' || duration === undefined ? [] : [{ name, ms: Number(duration) }];
  });
}
