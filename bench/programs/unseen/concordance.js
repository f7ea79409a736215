const verse = `Tyger Tyger, burning bright,
In the forests of the night;
What immortal hand or eye,
Could frame thy fearful symmetry?

In what distant deeps or skies
Burnt the fire of thine eyes?
On what wings dare he aspire?
What the hand, dare seize the fire?`;

const places = new Map();
verse.split(/\r?\n/).forEach((line, index) => {
  for (const match of line.toLowerCase().matchAll(/\p{L}+/gu)) {
    const list = places.get(match[0]) ?? [];
    list.push(`${index + 1}:${match.index + 1}`);
    places.set(match[0], list);
  }
});
const frequent = [...places]
  .filter(([word, list]) => list.length > 1 && word.length > 2)
  .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
for (const [word, list] of frequent) console.log(`${word} (${list.length}) ${list.join(' ')}`);
const initials = verse.replace(
  /\b([a-z])(\w*)/gi,
  (_, first, rest) => first.toUpperCase() + '·'.repeat(rest.length),
);
console.log(initials.split('\n').at(-1));
console.log(
  [...'naïve café'].reverse().join(''),
  'straße'.normalize('NFD').length,
  encodeURIComponent('a b&ç'),
);
console.log(verse.lastIndexOf('dare'), verse.slice(-5, -1), verse.includes('lamb'), 'ab'.localeCompare('ac'));
