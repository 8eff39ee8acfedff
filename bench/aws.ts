import { randomBytes } from 'node:crypto';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { openAuthDb } from '../src/access/open-auth-db.ts';
import { createAccessKey } from '../src/access/tokens/create-access-key.ts';
import { type Benchmark, inMs, median, whole } from './support/benchmark.ts';
import { cpuSecondsOf } from './support/cpu-seconds.ts';
import { serveArchive } from './support/serve-archive.ts';
import { startChild } from './support/start-child.ts';

const INVOCATIONS = 1_000_000;
const PAGES = 2000;
const ROUNDS = 5;
const SHORT_ROUNDS = 1;
const NEAR = 100;
const Bare = z.object({ url: z.string(), pid: z.number() });
const Listed = z.object({ seconds: z.number(), invocations: z.number(), ms: z.array(z.number()), digest: z.string() });

interface Turn {
  seconds: number;
  cpuMs: number;
  ms: number[];
}

/**
 * Lists 100,000 invocations with their steps and outputs, with the JavaScript SDK's paginator, from the two servers in
 * turn.
 */
export const aws: Benchmark = {
  name: 'aws',
  about: 'a listing of 100,000 invocations by the JavaScript SDK, compared with bare node:http and better-sqlite3',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const path = await archiveOf(invocations);
    const place = largestPlace(path);
    const served = await serveArchive(path, folder);
    const credentials = makeAccessKey(served.authDb, place.accountId);
    const bareChild = await startChild(folder, 'serve-bare-aws', { path, ...place });
    const bare = await bareChild.ask(undefined, Bare);
    const lister = await startChild(folder, 'list-with-sdk', { region: place.region, credentials });
    const list = async (server: { url: string; pid: number }, pages: number, isDigested = false) => {
      const before = cpuSecondsOf(server.pid);
      const listed = await lister.ask({ url: server.url, pages, isDigested }, Listed);
      return { ...listed, cpuMs: ((cpuSecondsOf(server.pid) - before) * 1000) / listed.ms.length };
    };
    const [a, b] = [await list(served, PAGES, true), await list(bare, PAGES, true)];
    if (a.digest !== b.digest) throw new Error('The rival answers differently.');
    const rounds = isShort ? SHORT_ROUNDS : ROUNDS;
    const turns: { ours: Turn; rival: Turn }[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? await list(served, PAGES) : undefined;
      const rival = await list(bare, PAGES);
      turns.push({ ours: first ?? (await list(served, PAGES)), rival });
    }
    await lister.end();
    await bareChild.end();
    await served.end();
    const of = (side: 'ours' | 'rival') =>
      `${whole(a.invocations / median(turns.map((turn) => turn[side].seconds)))} invocations a second, ${inMs(median(turns.map((turn) => turn[side].cpuMs)))} of the server's processor time for each page`;
    say(`${whole(a.invocations)} invocations: ssm-archive ${of('ours')}; bare ${of('rival')}`);
    const near = turns.flatMap(({ ours }) => ours.ms.slice(1, NEAR + 1));
    const far = turns.flatMap(({ ours }) => ours.ms.slice(-NEAR));
    say(
      `the first pages take ${inMs(median(near))} each; the last of ${whole(a.ms.length)} pages take ${inMs(median(far))} each`,
    );
    const goals = [
      {
        what: `listing: rate, divided by the bare server's, median of ${rounds}`,
        figure: median(turns.map(({ ours, rival }) => rival.seconds / ours.seconds)),
        atLeast: 0.8,
      },
      {
        what: `p50 of the last of ${whole(a.ms.length)} pages, divided by p50 of the first pages`,
        figure: median(far) / median(near),
        atMost: 1.25,
      },
    ];
    return {
      goals,
      compared: { rows: a.invocations, what: 'invocations with steps and outputs' },
    };
  },
};

/** A key that the server knows. With it the benchmark also measures the check of signatures. */
function makeAccessKey(path: string, accountId: string): { accessKeyId: string; secretAccessKey: string } {
  const authDb = openAuthDb(path);
  const scope = { accounts: [accountId], regions: undefined };
  const key = { name: 'bench', role: 'reader' as const, expiresAt: undefined, ...scope };
  const { accessKeyId, secretAccessKey } = createAccessKey({ authDb, now: () => new Date(), random: randomBytes }, key);
  authDb.close();
  return { accessKeyId, secretAccessKey };
}

function largestPlace(path: string): { accountId: string; region: string } {
  const sqlite = new SQLite(path, { readonly: true });
  const place = sqlite
    .prepare<[], { accountId: string; region: string }>(
      'SELECT account_id AS accountId, region FROM daily_counts GROUP BY 1, 2 ORDER BY sum(invocations) DESC LIMIT 1',
    )
    .get();
  sqlite.close();
  if (!place) throw new Error('The archive is empty.');
  return place;
}
