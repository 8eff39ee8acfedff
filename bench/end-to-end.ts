import { join } from 'node:path';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { type Collected, collectByTools, collectOurs, compareCollected, missingTools } from './support/collect.ts';
import { startService } from './support/start-service.ts';

const INVOCATIONS = 20_000;
const ROUNDS = 3;
const SHORT_ROUNDS = 1;

/**
 * Collects a month of one account over HTTP into a new file, with ssm-archive and with the two tools that people would
 * combine for this.
 */
export const endToEnd: Benchmark = {
  name: 'end-to-end',
  about: '`ingest` over HTTP, compared with `aws ssm list-command-invocations --details | sqlite-utils insert`',
  async run({ invocations = INVOCATIONS, isShort, folder, say }) {
    const missing = missingTools();
    if (missing) return { missing };
    const service = await startService(folder, invocations);
    const rounds = isShort ? SHORT_ROUNDS : ROUNDS;
    const collected: { ours: Collected; tools: Collected }[] = [];
    // Not counted: the simulator makes its history at the first listing.
    await collectOurs(service.url, join(folder, 'warm.db'), folder);
    for (let round = 1; round <= rounds; round++) {
      const ours = await collectOurs(service.url, join(folder, `ours-${round}.db`), folder);
      const tools = await collectByTools(service.url, join(folder, `tools-${round}.db`), folder);
      compareCollected(ours, tools);
      say(`ssm-archive ${collectedSentence(ours)}; the tools ${collectedSentence(tools)}`);
      collected.push({ ours, tools });
    }
    await service.end();
    const rows = collected.reduce((sum, { tools }) => sum + tools.rows, 0);
    const seconds = collected.map(({ ours, tools }) => tools.seconds / ours.seconds);
    const cpu = collected.map(({ ours, tools }) => ours.cpuSeconds / tools.cpuSeconds);
    const goals = [
      { what: `rate, divided by the tools' rate, median of ${rounds}`, figure: median(seconds), atLeast: 5 },
      { what: "processor time, divided by the tools' processor time", figure: median(cpu), atMost: 0.2 },
    ];
    return { goals, compared: { rows, what: 'invocations' } };
  },
};

function collectedSentence({ rows, seconds, cpuSeconds }: Collected): string {
  return `${whole(rows)} in ${seconds.toFixed(1)} s, ${whole(rows / seconds)} a second, ${cpuSeconds.toFixed(1)} s of processor time`;
}
