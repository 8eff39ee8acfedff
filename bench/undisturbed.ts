import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, startClient } from './support/ask-server.ts';
import { type Benchmark, inMs, median, percentile, whole } from './support/benchmark.ts';
import { drawInvocations, pagePath } from './support/draw-questions.ts';
import { type Served, serveArchive } from './support/serve-archive.ts';
import { CREDENTIALS, startService } from './support/start-service.ts';

const INVOCATIONS = 1_000_000;
/** One region for each round, so that each round collects invocations that are new to the archive. */
const REGIONS = ['eu-west-1', 'eu-north-1', 'eu-south-1'];
/**
 * `block` is how many requests are made before it is checked again whether the pass still runs; `fewest` is the
 * smallest number of requests during the pass.
 */
const FULL = { regions: REGIONS, collectedEach: 60_000, requests: 1000, block: 50, fewest: 200 };
const SHORT = { regions: REGIONS.slice(0, 1), collectedEach: 3000, requests: 20, block: 2, fewest: 1 };
/** Without a pause the client and the server alone would keep two cores busy. */
const PAUSE_MS = 10;
const LONGEST_SECONDS = 120;

/** Measures a page while a pass collects, while an export runs, and while the server is idle. */
export const undisturbed: Benchmark = {
  name: 'undisturbed',
  about: 'p99 of a page while a pass collects, and while an export runs, compared with an idle server',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const { regions, collectedEach, requests, block, fewest } = isShort ? SHORT : FULL;
    const path = join(folder, 'collected.db');
    copyFileSync(await archiveOf(invocations), path);
    const paths = drawPages(path);
    const simulated = collectedEach * regions.length;
    const service = await startService(folder, simulated, { regions, isInBackground: true });
    const client = await startClient(folder);
    const exporter = await startClient(folder);
    const rounds: { idle: number[]; collecting: number[]; exporting: number[] }[] = [];
    for (const region of regions) {
      const served = await serveArchive(path, folder, {
        ...CREDENTIALS,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: service.url,
      });
      const ask = (count: number) =>
        client.latencies({ url: served.url, paths, count, mostSeconds: LONGEST_SECONDS, pauseMs: PAUSE_MS });
      const collecting = await whileCollecting(served, () => ask(block), fewest);
      await ask(block);
      const idle = await ask(requests / 2);
      const exporting = await whileExporting(exporter, served, () => ask(requests));
      idle.push(...(await ask(requests / 2)));
      await served.end();
      say(`idle ${both(idle)}; collecting ${both(collecting)}; exporting ${both(exporting)}`);
      rounds.push({ idle, collecting, exporting });
    }
    await Promise.all([client.end(), exporter.end(), service.end()]);
    const ratio = (side: 'collecting' | 'exporting', fraction: number) =>
      median(rounds.map((round) => percentile(round[side], fraction) / percentile(round.idle, fraction)));
    const goals = [
      {
        what: `p99 while collecting, divided by p99 while idle, median of ${regions.length}`,
        figure: ratio('collecting', 0.99),
        atMost: 2,
      },
      { what: 'p50 while collecting, divided by p50 while idle', figure: ratio('collecting', 0.5) },
      {
        what: `p99 while exporting, divided by p99 while idle, median of ${regions.length}`,
        figure: ratio('exporting', 0.99),
        atMost: 2,
      },
      { what: 'p50 while exporting, divided by p50 while idle', figure: ratio('exporting', 0.5) },
    ];
    return { goals, compared: { nothing: 'the server is compared with itself' } };
  },
};

/** Pages that people ask for: by node, document and status, half of them with steps and outputs. */
function drawPages(path: string): string[] {
  return drawInvocations(path).map((row, n) => {
    const by = [{ instanceId: row.instance_id }, { documentName: row.document_name }, { status: 'Failed' }, {}][n % 4];
    return pagePath({ ...by, ...(n % 8 < 4 && { include: 'plugins,outputs' }) });
  });
}

/** Returns latencies until the pass at the start is over. Leaves out the block in which it ended. */
async function whileCollecting(served: Served, ask: () => Promise<number[]>, fewest: number): Promise<number[]> {
  const all: number[] = [];
  await ask();
  while (!(await served.hasCollected())) {
    const block = await ask();
    if (!(await served.hasCollected())) all.push(...block);
  }
  if (all.length < fewest) throw new Error(`The pass was over after ${whole(all.length)} pages.`);
  return all;
}

/** Exports everything, again and again, until `work` is done. */
async function whileExporting(client: Client, { url }: Served, work: () => Promise<number[]>): Promise<number[]> {
  const done = work();
  let isOver = false;
  const over = done.finally(() => {
    isOver = true;
  });
  while (!isOver) await client.download({ url, path: '/v1/invocations?format=csv' });
  await over;
  return done;
}

function both(ms: number[]): string {
  return `${inMs(percentile(ms, 0.5))}, p99 ${inMs(percentile(ms, 0.99))} (${whole(ms.length)})`;
}
