/** Markdown: tables, and figures as text. */

/** A table whose figures are set to the right. @param figures Which columns are of figures. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  figures: readonly boolean[] = headings.map((_, index) => index > 0),
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = headings.map((_, index) => (figures[index] ? '---:' : '---'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

/** Three digits that count, but never an exponent; a dash for what is not known. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
