/** The durations of an answer's `Server-Timing` header by name, ms, in the order of the header. */
export const serverTimesOf = (headers: Headers): ReadonlyMap<string, number> =>
  new Map(
    (headers.get('server-timing') ?? '').split(',').map((entry) => {
      const [name = '', ...parameters] = entry.trim().split(';');
      const duration = parameters.find((each) => each.trim().startsWith('dur='));
      return [name, Number(duration?.trim().slice('dur='.length))];
    }),
  );
