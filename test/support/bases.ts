/** The routes of the API on each of its two bases. */

export type Base = {
  readonly name: string;
  readonly run: string;
  readonly create: string;
  readonly list: string;
  readonly runOn: (runner: string) => string;
  /** Of the runner itself: info with `GET`, delete with `DELETE`. */
  readonly runner: (runner: string) => string;
};

export const BASES: readonly [Base, Base] = [
  {
    name: '/api/v1/runner',
    run: '/api/v1/runner/run',
    create: '/api/v1/runner/new',
    list: '/api/v1/runner',
    runOn: (runner) => `/api/v1/runner/run/${runner}`,
    runner: (runner) => `/api/v1/runner/${runner}`,
  },
  {
    name: '/codeland',
    run: '/codeland/run',
    create: '/codeland/run/new',
    list: '/codeland/run',
    runOn: (runner) => `/codeland/run/${runner}`,
    runner: (runner) => `/codeland/run/${runner}`,
  },
];
