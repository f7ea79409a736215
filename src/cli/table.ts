/** Columns of text. */

/** Lines with a heading, each column as wide as its widest cell. Columns of figures are set to the right. */
export function table(
  columns: readonly { readonly heading: string; readonly isFigure?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ isFigure }, index) => {
        const cell = cells[index] ?? '';
        return isFigure ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), ...rows.map(line)].join('\n');
}
