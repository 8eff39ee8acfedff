import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Client, startClient } from './support/ask-server.ts';
import { type Benchmark, inMs, median, whole } from './support/benchmark.ts';
import { cpuSecondsOf } from './support/cpu-seconds.ts';
import { drawInvocations, pagePath } from './support/draw-questions.ts';
import { fetchJson } from './support/fetch-json.ts';
import { serveArchive } from './support/serve-archive.ts';
import { startChild } from './support/start-child.ts';

const INVOCATIONS = 1_000_000;
const FULL = { rounds: 8, seconds: 2 };
const SHORT = { rounds: 1, seconds: 0.3 };
const CONNECTIONS = 8;
const Bare = z.object({ url: z.string(), pid: z.number() });
const Page = z.looseObject({ items: z.array(z.unknown()) });

interface Server {
  url: string;
  pid: number;
}

interface Turn {
  perSecond: number;
  cpuMs: number;
}

/** Asks each server in turn for a page of fifty with steps and outputs, again and again, over eight connections. */
export const serving: Benchmark = {
  name: 'serving',
  about: 'pages a second with steps and outputs, compared with bare node:http and better-sqlite3',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const { rounds, seconds } = isShort ? SHORT : FULL;
    const path = await archiveOf(invocations);
    const served = await serveArchive(path, folder);
    const bareChild = await startChild(folder, 'serve-bare', { path });
    const bare = await bareChild.ask(undefined, Bare);
    const client = await startClient(folder);
    const whole50 = { include: 'plugins,outputs' };
    const asked = {
      'the newest': [pagePath(whole50)],
      'of one node': drawInvocations(path).map((row) => pagePath({ ...whole50, instanceId: row.instance_id })),
    };
    const goals = [];
    let compared = 0;
    for (const [what, paths] of Object.entries(asked)) {
      const same = await compareAnswers(served, bare, paths);
      compared += same.rows;
      const turns: { ours: Turn; rival: Turn }[] = [];
      for (let round = 0; round <= rounds; round++) {
        const first = round % 2 === 0 ? await takeTurn(client, served, paths, seconds) : undefined;
        const rival = await takeTurn(client, bare, paths, seconds);
        const ours = first ?? (await takeTurn(client, served, paths, seconds));
        // The first round warms both servers up and is not counted.
        if (round > 0) turns.push({ ours, rival });
      }
      const of = (side: 'ours' | 'rival') =>
        `${whole(median(turns.map((turn) => turn[side].perSecond)))} a second, ${inMs(median(turns.map((turn) => turn[side].cpuMs)))} of processor time each`;
      say(`${what}, ${whole(same.bytes)} bytes a page: ssm-archive ${of('ours')}; bare ${of('rival')}`);
      goals.push(
        {
          what: `pages ${what}: rate, divided by the bare server's, median of ${rounds}`,
          figure: median(turns.map(({ ours, rival }) => ours.perSecond / rival.perSecond)),
          atLeast: 0.9,
        },
        {
          what: `pages ${what}: processor time of the bare server for a page, divided by that of ssm-archive`,
          figure: median(turns.map(({ ours, rival }) => rival.cpuMs / ours.cpuMs)),
        },
      );
    }
    await client.end();
    await bareChild.end();
    await served.end();
    return {
      goals,
      compared: { rows: compared, what: 'invocations with steps and outputs' },
    };
  },
};

async function takeTurn(client: Client, { url, pid }: Server, paths: string[], forSeconds: number): Promise<Turn> {
  const before = cpuSecondsOf(pid);
  const { requests, seconds } = await client.load({ url, paths, connections: CONNECTIONS, seconds: forSeconds });
  return { perSecond: requests / seconds, cpuMs: ((cpuSecondsOf(pid) - before) * 1000) / requests };
}

/**
 * Throws if the two servers answer differently, except for the cursor. Returns how many rows they sent, and the mean
 * size of a page.
 */
async function compareAnswers(ours: Server, bare: Server, paths: string[]): Promise<{ rows: number; bytes: number }> {
  let rows = 0;
  let bytes = 0;
  for (const path of paths) {
    const page = Page.parse(await fetchJson(ours.url + path));
    const rival = Page.parse(await fetchJson(bare.url + path));
    if (!isDeepStrictEqual(page.items, rival.items)) throw new Error(`${path}: the rival answers differently.`);
    rows += page.items.length;
    bytes += Buffer.byteLength(JSON.stringify(page));
  }
  return { rows, bytes: bytes / paths.length };
}
