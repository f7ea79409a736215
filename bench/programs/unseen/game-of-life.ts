type Cell = 0 | 1;
type Grid = readonly (readonly Cell[])[];

const parseGrid = (text: string): Grid =>
  text
    .trim()
    .split('\n')
    .map((line) => Array.from(line.trim(), (char): Cell => (char === '#' ? 1 : 0)));
const show = (grid: Grid): string => grid.map((row) => row.map((cell) => '.#'[cell]).join('')).join('\n');

function neighbours(grid: Grid, row: number, column: number): number {
  let count = 0;
  for (const down of [-1, 0, 1]) {
    for (const right of [-1, 0, 1]) {
      if (down === 0 && right === 0) continue;
      const line = grid[(row + down + grid.length) % grid.length];
      count += line?.[(column + right + line.length) % line.length] ?? 0;
    }
  }
  return count;
}
const step = (grid: Grid): Grid =>
  grid.map((line, row) =>
    line.map((cell, column): Cell => {
      const around = neighbours(grid, row, column);
      return around === 3 || (around === 2 && cell === 1) ? 1 : 0;
    }),
  );

let grid = parseGrid(`
  .#......
  ..#.....
  ###.....
  ........
  .....###
  ........
`);
const seen = new Map<string, number>();
let generation = 0;
for (; generation < 60 && !seen.has(show(grid)); generation += 1) {
  seen.set(show(grid), generation);
  grid = step(grid);
}
console.log(`after ${generation}:\n${show(grid)}`);
console.log(seen.get(show(grid)) ?? 'no repetition', grid.flat().filter(Boolean).length);
