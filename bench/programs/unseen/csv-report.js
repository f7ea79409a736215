const source = `city,month,sales,note
"Lund, S",2024-01,1200.50,"said ""yes"""
Graz,2024-01,830,
"Lund, S",2024-02,990.25,late
Porto,2024-02,1410.75,new
Graz,2024-02,905.5,
`;

function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === ',' || char === '\n') {
      row.push(field);
      field = '';
      if (char === '\n') {
        rows.push(row);
        row = [];
      }
    } else field += char;
  }
  const [header, ...body] = rows;
  return body.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
}

const totals = {};
for (const { city, sales, month } of parseCsv(source)) {
  totals[city] ??= { sum: 0, months: new Set() };
  totals[city].sum += Number.parseFloat(sales);
  totals[city].months.add(month);
}
const ranked = Object.entries(totals).sort(([, one], [, other]) => other.sum - one.sum);
for (const [city, { sum, months }] of ranked) {
  console.log(`${city.padEnd(10, '.')}${sum.toFixed(2).padStart(9)} in ${[...months].join('/')}`);
}
