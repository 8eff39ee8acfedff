import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks.ts';
import { createArchives } from './support/archives.ts';
import { type Benchmark, describeCompared, describeGoal } from './support/benchmark.ts';

const FEWEST = 1000;
const HELP = `npm run bench [-- <name…> [--invocations <number>] [--archive <folder>] [--short]]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Without a name all benchmarks run, which takes about three quarters of an hour on two cores. docs/benchmarks.md says what each shows.
The last thirteen use an archive of --invocations (by default 1,000,000; building it takes six to ten minutes and 2.3 GB of
the temporary folder). With --archive this archive is built in that folder and kept for the next run.
With --short each benchmark measures once, or for a moment, by default with 1,000 invocations; all take a minute. That shows
whether they work; the figures mean nothing.

Exit codes: 0 all ran, whether their goals are met or not; 1 one of them failed; 2 the call is wrong.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    invocations: { type: 'string' },
    archive: { type: 'string' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
const asked = values.invocations ?? (values.short ? FEWEST : undefined);
const invocations = asked === undefined ? undefined : Number(asked);
if (values.help) {
  console.log(HELP);
} else if (
  unknown.length > 0 ||
  (invocations !== undefined && !(Number.isInteger(invocations) && invocations >= FEWEST))
) {
  console.error(
    unknown.length > 0
      ? `There is no benchmark "${unknown[0]}".\n\n${HELP}`
      : `--invocations must be a whole number, at least ${FEWEST}.`,
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
  // Otherwise the child processes of a benchmark that failed would keep this process running.
  process.exit();
}

/** Runs a benchmark and prints its result. An error is printed too, and the next benchmarks still run. */
async function runOne({ name, about, run }: Benchmark, shared: string): Promise<void> {
  console.log(`\n${name}: ${about}`);
  const folder = mkdtempSync(join(tmpdir(), `ssm-archive-bench-${name}-`));
  const say = (line: string) => console.log(`  ${line}`);
  try {
    const archiveOf = createArchives(values.archive ?? join(shared, 'archives'), folder, say);
    const outcome = await run({ invocations, isShort: values.short, folder, archiveOf, say });
    if ('missing' in outcome) say(`not run, because this machine lacks ${outcome.missing}`);
    else {
      say(describeCompared(outcome.compared));
      for (const goal of outcome.goals) say(describeGoal(goal));
    }
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
