import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { packageRoot } from '../../src/lib/process/package-root.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { OBSERVED_AT } from '../recording/generate-replies.ts';
import { Timed } from '../recording/time-replies.ts';
import { startClient } from '../support/ask-server.ts';
import { type Benchmark, type Goal, inMs, median, percentile, whole } from '../support/benchmark.ts';
import { daysOf } from '../support/days-of.ts';
import { drawInvocations, pagePath } from '../support/draw-questions.ts';
import { serveArchive } from '../support/serve-archive.ts';
import { startChild } from '../support/start-child.ts';
import { timeCommands } from '../support/time-commands.ts';
import { walkTo } from '../support/walk-pages.ts';

const INVOCATIONS = 1_000_000;
/** Days as a large organization has them: a hundred thousand invocations each. */
const DENSE = { invocations: 300_000, days: 3 };
/** The last days stay in SQLite, so that a list crosses the floor. */
const HOT_DAYS = 3;
const FULL = { pages: 40, most: Number.POSITIVE_INFINITY, recorded: 20_000, dense: DENSE, sealedWhile: 3 };
const SHORT = { pages: 2, most: 4, recorded: 1000, dense: { invocations: 1000, days: 2 }, sealedWhile: 1 };
/** The list without what was recorded while days were sealed. */
const BEFORE = { requestedBefore: OBSERVED_AT };
const REPLIES_TOGETHER = 8;
const REPLY_ITEMS = 50;

const Sealed = z.object({
  seconds: z.number(),
  parts: z.record(z.string(), z.number()),
  invocations: z.number(),
  rows: z.number(),
  bytes: z.number(),
  peakRssBytes: z.number(),
});
const Read = z.object({ seconds: z.number(), rows: z.number() });
const Hashed = z.object({ seconds: z.number(), bytes: z.number() });

/** Seals days of an archive, and asks over the floor. The rivals do a part of the same work with SQLite alone. */
export const lake: Benchmark = {
  name: 'lake',
  about: 'sealing, its size, and questions over sealed days, compared with SQLite alone',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const size = isShort ? SHORT : FULL;
    const before = await archiveOf(invocations);
    const dense = await archiveOf(size.dense.invocations, size.dense.days);
    const path = join(folder, 'sealed.db');
    copyFileSync(before, path);
    const place = join(folder, 'lake');
    const days = daysOf(before);
    const toSeal = days.slice(0, Math.max(1, days.length - HOT_DAYS)).slice(0, size.most);

    const { goals, rows } = await sealInTurns(
      { path, before, place, folder, days: toSeal.slice(0, -size.sealedWhile) },
      say,
    );
    goals.push(
      ...(await recordWhileSealing({ path, place, folder, days: toSeal.slice(-size.sealedWhile), size }, say)),
    );
    goals.push(...(await sealDense({ dense, folder }, say)));
    goals.push(...(await askOver({ path, before, place, folder, pages: size.pages }, say)));
    goals.push(await verifyLake({ path, place, folder }, say));
    return { goals, compared: { rows, what: 'rows (only their number was compared)' } };
  },
};

type Say = (line: string) => void;

interface Sealing {
  path: string;
  place: string;
  folder: string;
  days: readonly string[];
}

/** So many days are sealed in one go, before the rival has its turn with the same days. */
const DAYS_IN_A_TURN = 4;

function startSealer(folder: string, { path, lake }: { path: string; lake: string }) {
  return startChild(folder, 'seal-day', { path, lake, folder, stager: join(packageRoot(), 'dist', 'stager.js') });
}

/** Seals some days; after that, the rival reads the rows of the same days from the archive as it was; and so on. */
async function sealInTurns(
  { path, before, place, folder, days }: Sealing & { before: string },
  say: Say,
): Promise<{ goals: Goal[]; rows: number }> {
  const ours = await startSealer(folder, { path, lake: place });
  const rival = await startChild(folder, 'read-day', { path: before });
  const turns: { sealed: z.output<typeof Sealed>; read: z.output<typeof Read> }[] = [];
  for (let from = 0; from < days.length; from += DAYS_IN_A_TURN) {
    const some = days.slice(from, from + DAYS_IN_A_TURN);
    turns.push({ sealed: await ours.ask(some, Sealed), read: await rival.ask(some, Read) });
  }
  await Promise.all([ours.end(), rival.end()]);
  const sum = (of: (turn: (typeof turns)[number]) => number) => turns.reduce((all, turn) => all + of(turn), 0);
  const sealed = sum((turn) => turn.sealed.invocations);
  const seconds = sum((turn) => turn.sealed.seconds);
  const read = sum((turn) => turn.read.seconds);
  const part = (name: string) => sum((turn) => turn.sealed.parts[name] ?? 0);
  say(
    `sealing ${whole(sealed)} invocations of ${whole(days.length)} days: ${whole(sealed / seconds)} a second; reading their rows alone: ${whole(sealed / read)} a second; peak memory ${whole(Math.max(...turns.map((turn) => turn.sealed.peakRssBytes)) / 1e6)} MB`,
  );
  const parts = ['write', 'check', 'put', 'remove'];
  const overlap = parts.reduce((all, name) => all + part(name), 0) - seconds;
  say(
    `the parts: ${parts.map((name) => `${name} ${((100 * part(name)) / seconds).toFixed(0)} %`).join(', ')}; ${((100 * overlap) / seconds).toFixed(0)} % of the time two of them at once`,
  );
  const rows = sum((turn) => turn.read.rows);
  if (rows !== sum((turn) => turn.sealed.rows)) throw new Error('Sealing wrote another number of rows than were read.');
  const goals = [
    {
      what: 'rate of sealing, all in, divided by that of reading the same rows with better-sqlite3',
      figure: read / seconds,
      atLeast: 0.2,
    },
    ...parts
      .filter((name) => name !== 'put')
      .map((name) => ({ what: `of this, rate of the part "${name}"`, figure: read / part(name) })),
  ];
  return { goals, rows };
}

/** Records replies alone, and then while days are sealed by another process. */
async function recordWhileSealing(
  { path, place, folder, days, size }: Sealing & { size: { recorded: number } },
  say: Say,
): Promise<Goal[]> {
  const from = join(folder, 'later-replies');
  // A month later, so that all of the invocations are new.
  const observedAt = isoFromMs(Date.parse(OBSERVED_AT) + 31 * DAY_MS);
  const writer = await startChild(folder, 'write-replies', { path: from, invocations: size.recorded * 20, observedAt });
  await writer.ask(undefined, z.null());
  await writer.end();
  const recorder = await startChild(folder, 'record-replies', { path, from, repliesATransaction: REPLIES_TOGETHER });
  const block = Math.ceil(size.recorded / 10 / (REPLIES_TOGETHER * REPLY_ITEMS));
  const alone: Timed[] = [];
  for (let n = 0; n < 10; n++) alone.push(await recorder.ask(block, Timed));
  const sealer = await startSealer(folder, { path, lake: place });
  const beside: Timed[] = [];
  let isOver = false;
  const sealing = (async () => {
    await sealer.ask(days, Sealed);
    isOver = true;
  })();
  do beside.push(await recorder.ask(block, Timed));
  while (!isOver);
  await sealing;
  await Promise.all([recorder.end(), sealer.end()]);
  const rates = (timed: readonly Timed[]) =>
    timed.filter(({ items }) => items > 0).map(({ items, seconds }) => items / seconds);
  const [one, both] = [median(rates(alone)), median(rates(beside))];
  say(`recording alone ${whole(one)} invocations a second, while days are sealed ${whole(both)}`);
  return [
    { what: 'rate of recording while sealing, divided by that of recording alone', figure: both / one, atLeast: 0.75 },
  ];
}

async function sealDense({ dense, folder }: { dense: string; folder: string }, say: Say): Promise<Goal[]> {
  const path = join(folder, 'dense.db');
  copyFileSync(dense, path);
  const days = daysOf(dense);
  const sealer = await startSealer(folder, { path, lake: join(folder, 'dense-lake') });
  const sealed = [];
  for (const day of days) sealed.push(await sealer.ask([day], Sealed));
  await sealer.end();
  const invocations = sealed.reduce((sum, day) => sum + day.invocations, 0);
  const ofLake = sealed.reduce((sum, day) => sum + day.bytes, 0) / invocations;
  const ofTiles = numberOf(dense, 'SELECT sum(length(hashes)) FROM ledger_tiles') / invocations;
  const ofFile = statSync(dense).size / invocations;
  const peak = Math.max(...sealed.map(({ peakRssBytes }) => peakRssBytes));
  say(
    `days of ${whole(invocations / days.length)} invocations: ${whole(ofFile)} bytes each in SQLite, ${whole(ofLake)} in the lake and ${whole(ofTiles)} in tiles; peak memory of sealing ${whole(peak / 1e6)} MB`,
  );
  return [
    {
      what: 'bytes of a sealed invocation with its proof, divided by its bytes in SQLite',
      figure: (ofLake + ofTiles) / ofFile,
      atMost: 0.13,
    },
    { what: 'peak resident memory of sealing, all processes, MB', figure: peak / 1e6, atMost: 1000 },
  ];
}

/** One node's page over all sealed days, and a list walked over the floor, by HTTP. */
async function askOver(
  {
    path,
    before,
    place,
    folder,
    pages,
  }: { path: string; before: string; place: string; folder: string; pages: number },
  say: Say,
): Promise<Goal[]> {
  const client = await startClient(folder);
  const nodes = drawInvocations(before, pages).map((row) => pagePath({ instanceId: row.instance_id }));
  const both = [
    {
      served: await serveArchive(path, folder, undefined, { SSM_ARCHIVE_LAKE: place }),
      ofNode: [] as number[],
      ofList: [] as number[],
    },
    { served: await serveArchive(before, folder), ofNode: [] as number[], ofList: [] as number[] },
  ] as const;
  for (const { served, ofNode, ofList } of both) {
    const ask = (paths: string[]) =>
      client.latencies({ url: served.url, paths, count: paths.length, mostSeconds: 120, pauseMs: 0 });
    await ask(nodes);
    ofNode.push(...(await ask(nodes)));
    const depth = Math.max(0, Math.floor(hotRows(path) / REPLY_ITEMS) - Math.floor(pages / 2));
    const cursors = await walkTo(served.url, BEFORE, depth, pages);
    ofList.push(...(await ask(cursors.map((cursor) => pagePath({ ...BEFORE, ...(cursor !== '' && { cursor }) })))));
  }
  const [sealed, alone] = both;
  for (const { served } of both) await served.end();
  await client.end();
  const said = (ms: readonly number[]) => `p50 ${inMs(percentile(ms, 0.5))}, p99 ${inMs(percentile(ms, 0.99))}`;
  say(`one node's page over sealed days: ${said(sealed.ofNode)}; with SQLite alone ${said(alone.ofNode)}`);
  say(`pages of a list on both sides of the floor: ${said(sealed.ofList)}; with SQLite alone ${said(alone.ofList)}`);
  return [
    { what: "p50 of one node's page over sealed days, ms", figure: percentile(sealed.ofNode, 0.5), atMost: 60 },
    {
      what: 'p50 of a page of a list over the floor, divided by that of SQLite alone',
      figure: percentile(sealed.ofList, 0.5) / percentile(alone.ofList, 0.5),
    },
  ];
}

async function verifyLake(
  { path, place, folder }: { path: string; place: string; folder: string },
  say: Say,
): Promise<Goal> {
  const hasher = await startChild(folder, 'hash-files', { lake: place });
  await hasher.ask(undefined, Hashed);
  const hashed = await hasher.ask(undefined, Hashed);
  await hasher.end();
  // `verify` exits with code 3 if everything fits and no key from outside was given, as here.
  const line = (more: string) =>
    `'${process.execPath}' '${join(packageRoot(), 'dist', 'cli.js')}' verify ${more} --json >/dev/null || [ $? -eq 3 ]`;
  const env = { SSM_ARCHIVE_DB: path, SSM_ARCHIVE_LAKE: place };
  const whole = await timeCommands(line('--lake'), env, folder);
  const file = await timeCommands(line(''), env, folder);
  const seconds = whole.seconds - file.seconds;
  say(
    `the lake of ${(hashed.bytes / 1e6).toFixed(0)} MB: verified in ${seconds.toFixed(1)} s besides the file (${file.seconds.toFixed(1)} s); hashing its objects alone ${hashed.seconds.toFixed(2)} s`,
  );
  return {
    what: 'rate of verifying sealed days, divided by that of hashing their objects',
    figure: hashed.seconds / seconds,
    atLeast: 0.3,
  };
}

function hotRows(path: string): number {
  return numberOf(path, `SELECT count(*) FROM invocations WHERE requested_at < '${OBSERVED_AT}'`);
}

/** The number that a query returns. */
function numberOf(path: string, sql: string): number {
  const sqlite = new SQLite(path, { readonly: true });
  try {
    return Number(sqlite.prepare(sql).pluck().get());
  } finally {
    sqlite.close();
  }
}
