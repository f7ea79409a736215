/** Grades the exercise, then shows a workshop. Takes CODELAND_URL and CODELAND_KEY from the environment. */
import { createClient } from 'codeland/client';
import { cases, solutions, title } from './exercise.ts';
import { grade } from './grade.ts';
import { report } from './report.ts';
import { Workshop } from './workshop.ts';

const client = createClient(process.env['CODELAND_URL'] ?? 'http://127.0.0.1:8420', {
  key: process.env['CODELAND_KEY'],
});

console.log(`${title}\n`);
const graded = solutions.map(async (solution) => {
  const verdicts = await Promise.all(cases.map((input) => grade(client, solution, input)));
  return report(solution, verdicts);
});
for (const line of await Promise.all(graded)) console.log(line);

await using workshop = await Workshop.open(client);
console.log(`\nA workshop on ${workshop.name}`);
await workshop.run('mkdir -p marks && mv *.txt marks/', { 'ada.txt': '3\n', 'brian.txt': '3\n' });
await workshop.run('mv chris.txt marks/', { 'chris.txt': '2\n' });
const [count, best] = await Promise.all([
  workshop.run('ls marks | wc -l'),
  workshop.run('cat marks/*.txt | sort -n | tail -1'),
]);
console.log(`  ${count.trim()} marks, the best is ${best.trim()}; ${await workshop.memory()} in use`);
