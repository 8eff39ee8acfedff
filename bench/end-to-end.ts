import { join } from 'node:path';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { type Collected, collectByTools, collectOurs, missingTools } from './support/collect.ts';
import { startService } from './support/start-service.ts';

const INVOCATIONS = 20_000;
const ROUNDS = 3;

/** A month of one account over HTTP into a new file, by us and by the two tools that people would join for it. */
export const endToEnd: Benchmark = {
  name: 'end-to-end',
  about: '`ingest` over HTTP, against `aws ssm list-command-invocations --details | sqlite-utils insert`',
  async run({ invocations = INVOCATIONS, folder, say }) {
    const missing = missingTools();
    if (missing) {
      say(missing);
      return [];
    }
    const service = await startService(folder, invocations);
    const rounds: { ours: Collected; tools: Collected }[] = [];
    // Not counted: the service makes its history at the first listing.
    await collectOurs(service.url, join(folder, 'warm.db'), folder);
    for (let round = 1; round <= ROUNDS; round++) {
      const ours = await collectOurs(service.url, join(folder, `ours-${round}.db`), folder);
      const tools = await collectByTools(service.url, join(folder, `tools-${round}.db`), folder);
      if (ours.rows !== tools.rows) throw new Error(`${ours.rows} rows against ${tools.rows}.`);
      say(`ssm-archive ${describe(ours)}; the tools ${describe(tools)}`);
      rounds.push({ ours, tools });
    }
    await service.end();
    const seconds = rounds.map(({ ours, tools }) => tools.seconds / ours.seconds);
    const cpu = rounds.map(({ ours, tools }) => ours.cpuSeconds / tools.cpuSeconds);
    return [
      { what: `rate against the tools, median of ${ROUNDS}`, figure: median(seconds), atLeast: 5 },
      { what: 'processor time against theirs', figure: median(cpu), atMost: 0.2 },
    ];
  },
};

function describe({ rows, seconds, cpuSeconds }: Collected): string {
  return `${whole(rows)} in ${seconds.toFixed(1)} s, ${whole(rows / seconds)} a second, ${cpuSeconds.toFixed(1)} s of processor`;
}
