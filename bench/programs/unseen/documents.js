const util = require('node:util');

const base = {
  server: { port: 80, tls: { on: false } },
  tags: ['a'],
  since: new Date(Date.UTC(2021, 1, 28, 23, 59)),
};
const patch = { server: { port: 8443, tls: { on: true, names: ['x', 'y'] } }, tags: ['b', 'c'] };
const isPlain = (value) => Object.prototype.toString.call(value) === '[object Object]';
function merge(one, other) {
  const merged = structuredClone(one);
  for (const [name, value] of Object.entries(other)) {
    merged[name] = isPlain(value) && isPlain(merged[name]) ? merge(merged[name], value) : value;
  }
  return merged;
}
const merged = merge(base, patch);
console.log(JSON.stringify(merged));
console.log(base.server.port, util.isDeepStrictEqual(base.tags, ['a']), util.types.isDate(merged.since));

const flatten = (value, prefix = '') =>
  Object.entries(value).flatMap(([name, inner]) =>
    isPlain(inner) ? flatten(inner, `${prefix}${name}.`) : [[prefix + name, inner]],
  );
for (const [name, value] of flatten(merged)) console.log(`${name} = ${util.format('%j', value)}`);
const later = new Date(merged.since);
later.setUTCDate(later.getUTCDate() + 2);
console.log(later.toISOString(), (later - merged.since) / 3.6e6, later.getUTCDay());
const revived = JSON.parse(JSON.stringify(merged), (name, value) =>
  name === 'since' ? new Date(value).getTime() : value,
);
console.log(revived.since, JSON.stringify({ u: undefined, n: null, f() {}, d: [NaN, 1e21, -0] }));
const link = new URL('https://user@example.org:8080/a/../b?q=1&q=2#top');
link.searchParams.append('z', 'ä b');
console.log(link.pathname, link.port, link.searchParams.getAll('q').join('+'), link.search);
