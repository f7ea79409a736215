/** One setting: its name, what it may be, what stands without it, and how its text is read. */

/** A setting that cannot be used. Says which, and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Name of the setting, where it is one setting's fault. */
  readonly setting: string | undefined;

  constructor(message: string, setting?: string) {
    super(message);
    this.setting = setting;
  }
}

/** What an operator is told of a setting. */
export type About = {
  /** What it is for: whole sentences, for the manual and the sample file. */
  readonly what: string;
  /** The default in words, where the value alone does not say it. */
  readonly defaultInWords?: string;
};

export type Setting<T> = About & {
  readonly name: string;
  /** What it may be, to follow "it must be". */
  readonly form: string;
  /** A value to show in the sample file: the default, where that is one value. */
  readonly example: string;
  /** @param given Not empty; undefined when it is not set. @throws {ConfigError} */
  readonly read: (given: string | undefined) => T;
};

type Reading<T, D> = {
  readonly form: string;
  readonly fallback: D;
  readonly example: string;
  /** @returns Undefined for what cannot be used. */
  readonly parse: (given: string) => T | undefined;
  /** Its value is not shown. */
  readonly isSecret?: boolean;
};

export function setting<T, D>(name: string, reading: Reading<T, D>, about: About): Setting<T | D> {
  const { form, fallback, example, parse, isSecret = false } = reading;
  return {
    ...about,
    name,
    form,
    example,
    read: (given) => {
      if (given === undefined) return fallback;
      const value = parse(given);
      if (value !== undefined) return value;
      throw new ConfigError(
        isSecret ? `${name} must be ${form}` : `${name} is "${given}"; it must be ${form}`,
        name,
      );
    },
  };
}

/** Without a fallback, `about` says in words what stands. */
export function integer<D extends number | undefined>(
  name: string,
  { min, max, fallback, example }: { min: number; max: number; fallback: D; example?: number },
  about: About,
): Setting<number | D> {
  const form = `a whole number from ${min} to ${max}`;
  const parse = (given: string) => {
    const value = Number(given);
    return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  };
  return setting(name, { form, fallback, example: String(fallback ?? example ?? min), parse }, about);
}

export function choice<const T extends readonly string[]>(
  name: string,
  known: T,
  fallback: NoInfer<T[number]>,
  about: About,
): Setting<T[number]> {
  const form = `one of ${known.join(', ')}`;
  const parse = (given: string): T[number] | undefined => known.find((value) => value === given);
  return setting(name, { form, fallback, example: fallback, parse }, about);
}
