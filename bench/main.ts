import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aws } from './aws.ts';
import { consolePages } from './console.ts';
import { endToEnd } from './end-to-end.ts';
import { exporting } from './export.ts';
import { ledger } from './ledger.ts';
import { pacing } from './pacing.ts';
import { questions } from './questions.ts';
import { record } from './record.ts';
import { search } from './search.ts';
import { serving } from './serving.ts';
import { size } from './size.ts';
import { sql } from './sql.ts';
import { stats } from './stats.ts';
import { createArchives } from './support/archives.ts';
import { type Benchmark, describeGoal } from './support/benchmark.ts';
import { unchanged } from './unchanged.ts';
import { undisturbed } from './undisturbed.ts';
import { verify } from './verify.ts';

const BENCHMARKS: readonly Benchmark[] = [
  record,
  unchanged,
  endToEnd,
  size,
  pacing,
  ledger,
  questions,
  serving,
  undisturbed,
  exporting,
  search,
  stats,
  sql,
  aws,
  verify,
  consolePages,
];
const HELP = `npm run bench [-- <name…> [--invocations <number>] [--archive <folder>]]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Without a name all of them run, about half an hour on two cores. docs/benchmarks.md has what each shows.
The last ten ask an archive of --invocations (1,000,000 unless said; building it takes six to ten minutes and 2.3 GB of
the temporary folder). With --archive it is built in that folder, stays there, and is taken from there the next time.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { invocations: { type: 'string' }, archive: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
const invocations = values.invocations === undefined ? undefined : Number(values.invocations);
if (values.help) {
  console.log(HELP);
} else if (
  unknown.length > 0 ||
  (invocations !== undefined && !(Number.isInteger(invocations) && invocations >= 1000))
) {
  console.error(
    unknown.length > 0
      ? `There is no benchmark "${unknown[0]}".\n\n${HELP}`
      : '--invocations must be a whole number from 1000 on.',
  );
  process.exitCode = 2;
} else {
  console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`);
  const shared = mkdtempSync(join(tmpdir(), 'ssm-archive-bench-'));
  try {
    for (const benchmark of BENCHMARKS) {
      if (positionals.length === 0 || positionals.includes(benchmark.name)) await runOne(benchmark, shared);
    }
  } finally {
    rmSync(shared, { recursive: true, force: true });
  }
}

async function runOne({ name, about, run }: Benchmark, shared: string): Promise<void> {
  console.log(`\n${name}: ${about}`);
  const folder = mkdtempSync(join(tmpdir(), `ssm-archive-bench-${name}-`));
  try {
    const say = (line: string) => console.log(`  ${line}`);
    const archiveOf = createArchives(values.archive ?? join(shared, 'archives'), folder, say);
    const goals = await run({ invocations, folder, archiveOf, say });
    for (const goal of goals) console.log(`  ${describeGoal(goal)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
