/** A request's path and query as they were sent. Not by `URL`: a request without a proper host has none. */

/** @param url A request's URL, whose host may be missing or malformed. */
export function targetOf(url: string): { readonly path: string; readonly query: string } {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/]*)?([^?#]*)(\?[^#]*)?/.exec(url) ?? [];
  return { path, query };
}
