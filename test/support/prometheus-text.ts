/** The Prometheus text format 0.0.4, read strictly: what a server would guess at is an error here. */

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
export type Family = { readonly type: string; readonly help: string; readonly samples: Sample[] };

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const VALUE = '[+-]?(?:\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|Inf|NaN)';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (${VALUE})$`);
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);

/** Families by name. @throws {Error} At the first line that breaks the format. */
export function parseMetrics(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let help: RegExpExecArray | null = null;
  let current: readonly [string, Family] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const type = TYPE.exec(line);
    if (HELP.test(line)) help = HELP.exec(line);
    else if (type) {
      const [, name = '', kind = ''] = type;
      if (help?.[1] !== name || families.has(name)) throw new Error(`wrong place: ${line}`);
      current = [name, { type: kind, help: help[2] ?? '', samples: [] }];
      families.set(...current);
    } else {
      const sample = parseSample(line);
      if (!current || !belongs(sample.name, ...current)) throw new Error(`no family: ${line}`);
      current[1].samples.push(sample);
    }
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

/** The value of one series. @throws {Error} When there is no such series. */
export function seriesValue(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = seriesKey({ name, labels });
  for (const { samples } of parseMetrics(text).values()) {
    const found = samples.find((sample) => seriesKey(sample) === wanted);
    if (found) return found.value;
  }
  throw new Error(`no series ${wanted}`);
}

function parseSample(line: string): Sample {
  const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', text = '']) =>
      [label, text.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))] as const,
  );
  if (new Set(pairs.map(([label]) => label)).size < pairs.length) throw new Error(`label twice: ${line}`);
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace('Inf', 'Infinity')) };
}

const belongs = (sample: string, name: string, { type }: Family) =>
  sample === name ||
  (type === 'histogram' && [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample));

function check(name: string, { type, samples }: Family): void {
  if (new Set(samples.map(seriesKey)).size < samples.length) throw new Error(`${name} has a series twice`);
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${name} is negative`);
  if (type !== 'histogram') return;
  for (const count of samples.filter((sample) => sample.name === `${name}_count`)) {
    const own = seriesKey(count).replace(`${name}_count`, '');
    const buckets = samples.filter(
      ({ name: sample, labels: { le: _le, ...labels } }) =>
        sample === `${name}_bucket` && seriesKey({ name: '', labels }) === own,
    );
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('Inf', 'Infinity')));
    const rises = (values: number[]) =>
      values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0));
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !rises(bounds))
      throw new Error(`${name}: wrong bounds`);
    if (!rises(buckets.map(({ value }) => value))) throw new Error(`${name}: the buckets do not add up`);
    if (buckets.at(-1)?.value !== count.value) throw new Error(`${name}: +Inf is not the count`);
  }
}

const seriesKey = ({ name, labels }: Pick<Sample, 'name' | 'labels'>) =>
  name + JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
