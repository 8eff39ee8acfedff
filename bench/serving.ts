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
const ROUNDS = 8;
const SECONDS = 2;
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

/** A page of fifty with steps and outputs, again and again over eight connections, from each server in turn. */
export const serving: Benchmark = {
  name: 'serving',
  about: 'pages a second with steps and outputs, against bare node:http and better-sqlite3',
  async run({ invocations = INVOCATIONS, folder, archiveOf, say }) {
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
    for (const [what, paths] of Object.entries(asked)) {
      const bytes = await assertSame(served, bare, paths);
      const rounds: { ours: Turn; rival: Turn }[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const first = round % 2 === 0 ? await takeTurn(client, served, paths) : undefined;
        const rival = await takeTurn(client, bare, paths);
        const ours = first ?? (await takeTurn(client, served, paths));
        // The first warms both up.
        if (round > 0) rounds.push({ ours, rival });
      }
      const of = (side: 'ours' | 'rival') =>
        `${whole(median(rounds.map((round) => round[side].perSecond)))} a second, ${inMs(median(rounds.map((round) => round[side].cpuMs)))} of processor each`;
      say(`${what}, ${whole(bytes)} bytes a page: ssm-archive ${of('ours')}; bare ${of('rival')}`);
      goals.push(
        {
          what: `pages ${what}: rate against bare, median of ${ROUNDS}`,
          figure: median(rounds.map(({ ours, rival }) => ours.perSecond / rival.perSecond)),
          atLeast: 0.9,
        },
        {
          what: 'the same by processor time',
          figure: median(rounds.map(({ ours, rival }) => rival.cpuMs / ours.cpuMs)),
        },
      );
    }
    await client.end();
    await bareChild.end();
    await served.end();
    return goals;
  },
};

async function takeTurn(client: Client, { url, pid }: Server, paths: string[]): Promise<Turn> {
  const before = cpuSecondsOf(pid);
  const { requests, seconds } = await client.load({ url, paths, connections: CONNECTIONS, seconds: SECONDS });
  return { perSecond: requests / seconds, cpuMs: ((cpuSecondsOf(pid) - before) * 1000) / requests };
}

/** Throws where the two do not answer alike, but for the cursor; returns the mean size of a page. */
async function assertSame(ours: Server, bare: Server, paths: string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const page = Page.parse(await fetchJson(ours.url + path));
    const rival = Page.parse(await fetchJson(bare.url + path));
    if (!isDeepStrictEqual(page.items, rival.items)) throw new Error(`${path}: the rival answers differently.`);
    bytes += Buffer.byteLength(JSON.stringify(page));
  }
  return bytes / paths.length;
}
