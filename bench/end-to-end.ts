import { join } from 'node:path';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import {
  type AwsCli,
  type Collected,
  collectByTools,
  collectOurs,
  compareCollected,
  missingTools,
} from './support/collect.ts';
import { startService } from './support/start-service.ts';

const INVOCATIONS = 50_000;
const ROUNDS = 5;
const SHORT_ROUNDS = 1;
/** The tools that people would combine, and the goals against each. */
const RIVALS: readonly { cli: AwsCli; atLeast: number; atMost: number }[] = [
  { cli: 'aws v2', atLeast: 3, atMost: 0.5 },
  { cli: 'aws v1', atLeast: 2, atMost: 0.7 },
];

/**
 * Collects a month of one account over HTTP into a new file, with ssm-archive and with the tools that people would
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
    const collected: Record<AwsCli | 'ours', Collected[]> = { ours: [], 'aws v2': [], 'aws v1': [] };
    // Not counted: the simulator makes its history at the first listing.
    await collectOurs(service.url, join(folder, 'warm.db'), folder);
    for (let round = 1; round <= rounds; round++) {
      const ours = await collectOurs(service.url, join(folder, `ours-${round}.db`), folder);
      collected.ours.push(ours);
      say(`ssm-archive: ${collectedSentence(ours)}`);
      for (const { cli } of RIVALS) {
        const path = join(folder, `${cli.replace(' ', '-')}-${round}.db`);
        const tools = await collectByTools(service.url, path, { cwd: folder, cli });
        compareCollected(ours, tools);
        collected[cli].push(tools);
        say(`${cli} and sqlite-utils: ${collectedSentence(tools)}`);
      }
    }
    await service.end();
    const rows = RIVALS.flatMap(({ cli }) => collected[cli]).reduce((sum, tools) => sum + tools.rows, 0);
    const goals = RIVALS.flatMap(({ cli, atLeast, atMost }) => {
      const ratios = (of: 'seconds' | 'cpuSeconds') =>
        collected.ours.map((ours, n) => ours[of] / (collected[cli][n]?.[of] ?? Number.NaN));
      return [
        {
          what: `rate, divided by that of ${cli} and sqlite-utils, median of ${rounds}`,
          figure: 1 / median(ratios('seconds')),
          atLeast,
        },
        {
          what: `processor time, divided by that of ${cli} and sqlite-utils`,
          figure: median(ratios('cpuSeconds')),
          atMost,
        },
      ];
    });
    return { goals, compared: { rows, what: 'invocations' } };
  },
};

function collectedSentence({ rows, seconds, cpuSeconds }: Collected): string {
  return `${whole(rows)} in ${seconds.toFixed(1)} s, ${whole(rows / seconds)} a second, ${cpuSeconds.toFixed(1)} s of processor time`;
}
