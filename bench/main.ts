import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endToEnd } from './end-to-end.ts';
import { pacing } from './pacing.ts';
import { record } from './record.ts';
import { size } from './size.ts';
import { type Benchmark, describeGoal } from './support/benchmark.ts';
import { unchanged } from './unchanged.ts';

const BENCHMARKS: readonly Benchmark[] = [record, unchanged, endToEnd, size, pacing];
const HELP = `npm run bench [-- <name> [--invocations <number>]]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Without a name all of them run, about ten minutes on two cores. docs/benchmarks.md has what each shows.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { invocations: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
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
  for (const benchmark of BENCHMARKS) {
    if (positionals.length === 0 || positionals.includes(benchmark.name)) await runOne(benchmark);
  }
}

async function runOne({ name, about, run }: Benchmark): Promise<void> {
  console.log(`\n${name}: ${about}`);
  const folder = mkdtempSync(join(tmpdir(), `ssm-archive-bench-${name}-`));
  try {
    const goals = await run({ invocations, folder, say: (line) => console.log(`  ${line}`) });
    for (const goal of goals) console.log(`  ${describeGoal(goal)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
