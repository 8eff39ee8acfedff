import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import SQLite from 'better-sqlite3';
import { pino } from 'pino';
import { z } from 'zod';
import { packageRoot } from '../src/lib/process/package-root.ts';
import { createSqlPool } from '../src/processes/sql/create-sql-pool.ts';
import { ANALYST_QUERIES } from './support/analyst-queries.ts';
import { type Client, startClient } from './support/ask-server.ts';
import { type Benchmark, type Goal, inMs, median, percentile, whole } from './support/benchmark.ts';
import { fetchJson } from './support/fetch-json.ts';
import { missingSqlite3 } from './support/missing-sqlite3.ts';
import { peakRss } from './support/peak-rss.ts';
import { type Served, serveArchive } from './support/serve-archive.ts';
import { timeCommands } from './support/time-commands.ts';

const INVOCATIONS = 1_000_000;
const TRIVIAL = 'SELECT 1';
const FULL = { trivialRounds: 5, trivialQueries: 1000, streamRounds: 4, queryRounds: 5 };
const SHORT = { trivialRounds: 1, trivialQueries: 20, streamRounds: 1, queryRounds: 1 };
const MEBIBYTE = 1024 * 1024;
const Answer = z.object({ rows: z.array(z.array(z.unknown())), truncated: z.boolean() });
const COLUMNS = 'account_id, region, command_id, instance_id, requested_at, status';

/**
 * SQL over HTTP: a trivial query, compared with the driver itself; streams and analysts' queries, compared with
 * Debian's sqlite3.
 */
export const sql: Benchmark = {
  name: 'sql',
  about: "a trivial query, a million rows, and analysts' questions, compared with SQLite itself",
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const path = await archiveOf(invocations);
    const settings = { SSM_ARCHIVE_SQL_DEADLINE_MS: '600000' };
    const served = await serveArchive(path, folder, undefined, settings);
    const client = await startClient(folder);
    const trial = { path, served, client, folder, say, ...(isShort ? SHORT : FULL) };
    const rows = await compareAnswers(trial);
    const goals = await trivial(trial);
    const missing = missingSqlite3();
    if (missing) say(`streams and queries: not run, because this machine lacks ${missing}`);
    else goals.push(...(await streams(trial, invocations)), ...(await queries(trial)));
    await client.end();
    await served.end();
    return { goals, compared: { rows, what: "rows of the analysts' questions" } };
  },
};

interface Trial extends Record<keyof typeof FULL, number> {
  path: string;
  served: Served;
  client: Client;
  folder: string;
  say(line: string): void;
}

const link = (query: string, more: Record<string, string> = {}) =>
  `/v1/sql?${new URLSearchParams({ sql: query, ...more })}`;

/** Throws if the server's answer differs from the driver's in this process. Returns how many rows the answer has. */
async function compareAnswers({ path, served }: Trial): Promise<number> {
  const sqlite = new SQLite(path, { readonly: true });
  let compared = 0;
  for (const [what, query] of Object.entries(ANALYST_QUERIES)) {
    const { rows, truncated } = Answer.parse(await fetchJson(served.url + link(query)));
    const expected = sqlite.prepare(query).raw().all();
    const isSame =
      isDeepStrictEqual(rows, expected.slice(0, rows.length)) && truncated === expected.length > rows.length;
    if (!isSame) throw new Error(`${what}: the server's answer differs from the driver's.`);
    compared += rows.length;
  }
  sqlite.close();
  return compared;
}

/** Runs the same query in this process, in a process of the pool, and over HTTP, alternately. */
async function trivial({ path, served, client, say, trivialRounds, trivialQueries }: Trial): Promise<Goal[]> {
  const sqlite = new SQLite(path, { readonly: true });
  const statement = sqlite.prepare(TRIVIAL);
  const pool = createSqlPool({
    ...{ archivePath: path, program: { path: join(packageRoot(), 'dist', 'sql-reader.js'), execArgv: [] } },
    ...{ readers: 4, memoryBytes: 512 * MEBIBYTE, longestMs: 60_000, log: pino({ level: 'silent' }) },
  });
  const input = { sql: TRIVIAL, limit: 1, maxBytes: MEBIBYTE };
  const asked = { caller: 'bench', deadlineMs: 60_000 };
  const ways = {
    'in process': () => times(trivialQueries, () => statement.all()),
    'a process of the pool': () => times(trivialQueries, () => pool.gather('selectJson', input, asked)),
    'over HTTP': () =>
      client.latencies({
        ...{ url: served.url, paths: [link(TRIVIAL)] },
        ...{ count: trivialQueries, mostSeconds: 60, pauseMs: 0 },
      }),
  };
  const ms = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= trivialRounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const taken = await way();
      if (round > 0) ms.get(name)?.push(...taken);
    }
  }
  await pool.close();
  sqlite.close();
  const p50 = (name: keyof typeof ways) => percentile(ms.get(name) ?? [], 0.5);
  for (const [name, taken] of ms)
    say(`${TRIVIAL}, ${name}: p50 ${inMs(percentile(taken, 0.5))}, p99 ${inMs(percentile(taken, 0.99))}`);
  const more = (name: keyof typeof ways) => p50(name) - p50('in process');
  return [
    {
      what: 'trivial query in a process of the pool: extra ms at p50, compared with this process',
      figure: more('a process of the pool'),
      atMost: 0.5,
    },
    { what: 'trivial query over HTTP: extra ms at p50, compared with this process', figure: more('over HTTP') },
  ];
}

async function times(count: number, once: () => unknown): Promise<number[]> {
  const ms: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    await once();
    ms.push(performance.now() - start);
  }
  return ms;
}

async function streams(trial: Trial, invocations: number): Promise<Goal[]> {
  const { path, served, client, folder, say, streamRounds } = trial;
  const rows = Math.min(invocations, 1_000_000);
  const query = `SELECT ${COLUMNS} FROM invocations LIMIT ${rows}`;
  const goals: Goal[] = [];
  for (const format of ['csv', 'ndjson']) {
    const ours: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round <= streamRounds; round++) {
      const { seconds } = await client.download({ url: served.url, path: link(query, { format }) });
      const rival = await timeCommands(`sqlite3 -csv -header -readonly '${path}' "${query}"`, {}, folder);
      if (round === 0) continue;
      ours.push(seconds);
      ratios.push(rival.seconds / seconds);
    }
    say(`${whole(rows)} rows as ${format}: ${whole(rows / median(ours))} a second`);
    goals.push({
      what: `${format}: rate, divided by that of sqlite3 -csv, median of ${streamRounds}`,
      figure: median(ratios),
      atLeast: 0.7,
    });
  }
  const [server = Number.NaN, ...children] = peakRss(served.pid).map((bytes) => bytes / MEBIBYTE);
  say(`peak memory: the server ${whole(server)} MiB, a query's process ${whole(Math.max(...children))} MiB`);
  return goals;
}

async function queries({ path, served, client, folder, say, queryRounds }: Trial): Promise<Goal[]> {
  const goals: Goal[] = [];
  for (const [what, query] of Object.entries(ANALYST_QUERIES)) {
    const ours: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round <= queryRounds; round++) {
      const { seconds } = await client.download({ url: served.url, path: link(query) });
      const rival = await timeCommands(`sqlite3 -csv -readonly '${path}' "${query}"`, {}, folder);
      if (round === 0) continue;
      ours.push(seconds);
      ratios.push(seconds / rival.seconds);
    }
    say(`${what}: ${inMs(1000 * median(ours))}`);
    goals.push({
      what: `${what}: time, divided by that of sqlite3, median of ${queryRounds}`,
      figure: median(ratios),
      atMost: 1.1,
    });
  }
  return goals;
}
