import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { getCommand } from '../../src/archive/commands/get-command.ts';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { readSealedDay, readSealedDays } from '../../src/archive/sealed/read-sealed-days.ts';
import { sizeToVerify } from '../../src/archive/verify/plan-parts.ts';
import { verifyWhole } from '../../src/archive/verify/verify-whole.ts';
import { exportAllInvocations } from '../../src/archive/whole/export-all-invocations.ts';
import { findAllInvocations } from '../../src/archive/whole/find-all-invocations.ts';
import { listAllInvocations } from '../../src/archive/whole/list-all-invocations.ts';
import { readInvocation } from '../../src/archive/whole/read-invocation.ts';
import { listAllRevisions } from '../../src/archive/whole/read-states.ts';
import { createLateRecorder } from '../../src/ingest/record/create-late-recorder.ts';
import { createReplyWriter } from '../../src/ingest/record/create-reply-writer.ts';
import { openObjects } from '../../src/lake/cache/open-objects.ts';
import { openSealedFinder } from '../../src/lake/read/find-sealed.ts';
import { openGatherer } from '../../src/lake/read/gather-rows.ts';
import { planSeal } from '../../src/lake/seal/plan-seal.ts';
import { proveDays } from '../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../src/lake/seal/seal-day.ts';
import { sealDays } from '../../src/lake/seal/seal-days.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';
import { judgeDays } from '../../src/lake/verify/judge-days.ts';
import type { VerifiedDay } from '../../src/lake/verify/verified-day.ts';
import { verifyDay } from '../../src/lake/verify/verify-day.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { page, rawInvocation, rawPlugin, SOURCE } from '../archive/raw-invocation.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { onTestEnd } from '../on-test-end.ts';
import { openSealed } from './open-sealed.ts';
import { placeOf } from './place-of.ts';
import { type SealedArchive, sealedArchive } from './sealed-archive.ts';

const QUERY = { nowMs: Date.parse('2026-06-30T00:00:00.000Z'), sealAfterMs: 35 * DAY_MS, settlingMs: 15 * 60_000 };
const COMMAND = '99999999-2222-4333-8444-555555555555';
const NODES = ['i-1', 'i-2', 'i-3'];
const FIRST = '2026-04-20T04:00:00.000Z';
const LATER = '2026-05-10T04:00:00.000Z';

describe('an invocation that gets a time of request on another day after its day was sealed', () => {
  it.each([
    ['a day that is not sealed', 2],
    ['a sealed day', 0],
    ['no time', null],
  ])('is on every surface exactly once, with all of its states: it goes to %s', async (_, to) => {
    const archive = await commandOnSealedDay();
    const { days } = archive;
    expect(await record(archive, ['i-1'], to === null ? null : dayOf(days, to))).toMatchObject({
      added: 0,
      changed: 1,
    });
    const day = to === null ? undefined : dayOf(days, to);
    const expected = { 'i-1': day, 'i-2': dayOf(days, 1), 'i-3': dayOf(days, 1) };
    await expectOnce(archive, expected);
    const { sealed } = await sealDays(archive.deps, { ...QUERY, before: days[3] });
    expect(sealed.map((one) => one.day)).toContain(dayOf(days, 1));
    await proveDays(archive.deps);
    await expectOnce(archive, expected);
    expect(planSeal(archive.sqlite, { ...QUERY, before: days[3] })).toEqual({ days: [], leftovers: [], waiting: [] });
    const isHot = archive.sqlite.prepare('SELECT 1 FROM invocations WHERE command_id = ?').get(COMMAND);
    expect(isHot === undefined).toBe(to !== null);
  });

  it('stays in the file until the day that it left is sealed without it, even if its new day is sealed before', async () => {
    const archive = await commandOnSealedDay();
    const { days, deps, sqlite } = archive;
    const expected = { 'i-1': dayOf(days, 0), 'i-2': dayOf(days, 1), 'i-3': dayOf(days, 1) };
    await record(archive, ['i-1'], dayOf(days, 0));
    await sealDay(deps, dayOf(days, 0));
    await expectOnce(archive, expected);
    expect(sqlite.prepare("SELECT count(*) FROM invocations WHERE instance_id = 'i-1'").pluck().get()).toBe(1);
    await sealDays(deps, { ...QUERY, before: days[2] });
    await sealDays(deps, { ...QUERY, before: days[2] });
    await expectOnce(archive, expected);
    expect(sqlite.prepare("SELECT count(*) FROM invocations WHERE instance_id = 'i-1'").pluck().get()).toBe(0);
  });

  it('comes back to the day that it left, also from the lake', async () => {
    const archive = await commandOnSealedDay();
    const { days, deps } = archive;
    for (const at of [0, 1]) {
      await record(archive, ['i-1'], dayOf(days, at), `2026-05-1${at}T00:00:00.000Z`);
      await expectOnce(archive, { 'i-1': dayOf(days, at), 'i-2': dayOf(days, 1), 'i-3': dayOf(days, 1) }, 2 + at);
      await sealDays(deps, { ...QUERY, before: days[3] });
      await expectOnce(archive, { 'i-1': dayOf(days, at), 'i-2': dayOf(days, 1), 'i-3': dayOf(days, 1) }, 2 + at);
    }
  });

  it('leaves a sealed day without any invocation if it was the last', async () => {
    const archive = await sealedArchive({ sealed: 0, invocations: 10 });
    const { deps, sqlite } = archive;
    const [from, to] = ['2026-04-18', '2026-04-19'];
    await record(archive, NODES, from, FIRST);
    await sealDay(deps, from);
    await record(archive, NODES, to);
    const expected = { 'i-1': to, 'i-2': to, 'i-3': to };
    await expectOnce(archive, expected);
    await sealDays(deps, QUERY);
    await proveDays(deps);
    expect(readSealedDay(sqlite, from)).toMatchObject({ generation: 2, invocations: 0, leaves: 0, isUnsealed: false });
    await expectOnce(archive, expected);
  });
});

function dayOf(days: readonly string[], n: number): string {
  return days[n] ?? '';
}

/** An archive whose second day has a command on three nodes; its first two days are sealed. */
async function commandOnSealedDay(): Promise<SealedArchive> {
  const archive = await sealedArchive({ sealed: 0 });
  const { days, deps } = archive;
  await record(archive, NODES, dayOf(days, 1), FIRST);
  for (const day of days.slice(0, 2)) await sealDay(deps, day);
  await proveDays(deps);
  expect(archive.sqlite.prepare('SELECT 1 FROM invocations WHERE command_id = ?').get(COMMAND)).toBeUndefined();
  return archive;
}

async function record(
  { sqlite, lake, trial }: SealedArchive,
  nodes: readonly string[],
  day: string | null,
  at = LATER,
) {
  const { find, close } = openSealedFinder(sqlite, placeOf(lake));
  onTestEnd(close);
  const write = createLateRecorder(trial.db, find, createReplyWriter(createRepliesRecorder(sqlite)));
  const raws = nodes.map((InstanceId) =>
    rawInvocation({
      ...{ CommandId: COMMAND, InstanceId, DocumentName: 'Acme-Moved' },
      ...{ CommandPlugins: [rawPlugin({ Output: `printed on ${InstanceId}` })] },
      RequestedDateTime: day === null ? undefined : Date.parse(`${day}T10:00:00.000Z`) / 1000,
    }),
  );
  return write(page(raws, { observedAt: at }));
}

/** Expects each node's invocation once, on its day, whatever is asked; `states` is how many states the first one has. */
async function expectOnce(
  { sqlite, lake }: SealedArchive,
  expected: Record<string, string | undefined>,
  states = 2,
): Promise<void> {
  const sealed = openSealed(sqlite, lake);
  const query = { filter: { commandId: COMMAND }, isDescending: true, limit: 100, include: 'outputs' } as const;
  const shown = (items: readonly { instanceId: string; requestedAt: string | null }[]) =>
    Object.fromEntries(items.map(({ instanceId, requestedAt }) => [instanceId, requestedAt?.slice(0, 10)]));
  for (const sort of ['requestedAt', 'changedAt'] as const) {
    const { items } = await listAllInvocations(sqlite, { ...query, sort }, sealed);
    expect(items).toHaveLength(3);
    expect(shown(items)).toEqual(expected);
    const then = await listAllInvocations(sqlite, { ...query, sort, asOf: '2026-05-01T00:00:00.000Z' }, sealed);
    expect(then.items).toHaveLength(3);
    expect(new Set(Object.values(shown(then.items))).size).toBe(1);
  }
  const everything = await listAllInvocations(
    sqlite,
    { ...query, filter: { documentName: 'Acme-Moved' }, sort: 'requestedAt' },
    sealed,
  );
  expect(everything.items).toHaveLength(3);
  const search = { ...SOURCE, statuses: [], withPlugins: true, limit: 50 };
  expect((await findAllInvocations(sqlite, { ...search, commandId: COMMAND }, sealed)).items).toHaveLength(3);
  for (const [instanceId, day] of Object.entries(expected)) {
    const key = { ...SOURCE, commandId: COMMAND, instanceId };
    const found = await readInvocation(sqlite, { key }, sealed);
    expect(found?.invocation.requestedAt?.slice(0, 10)).toBe(day);
    const revisions = await listAllRevisions(sqlite, { key, limit: 100 }, sealed);
    if (instanceId === 'i-1') expect(revisions?.items).toHaveLength(states);
  }
  expect(getCommand(sqlite, { ...SOURCE, commandId: COMMAND })).toMatchObject({ invocations: 3 });
  expect(countsByDay(sqlite)).toEqual(countBy(Object.values(expected)));
  expect(await exported(sqlite, sealed)).toBe(3);
  expect(await gathered(sqlite, lake)).toBe(3);
  expect(verifyWhole(sqlite, { trustedKeys: [], outside: [] }).faults).toEqual([]);
  expect(await faultsOfLake(sqlite, lake)).toEqual([]);
}

function countBy(days: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const day of days) counts[day ?? 'none'] = (counts[day ?? 'none'] ?? 0) + 1;
  return counts;
}

function countsByDay(sqlite: Database): Record<string, number> {
  const rows = sqlite
    .prepare<[], [string, number]>(
      "SELECT coalesce(day, 'none'), sum(invocations) FROM daily_counts WHERE document_name = 'Acme-Moved' GROUP BY 1 HAVING sum(invocations) > 0",
    )
    .raw()
    .all();
  return Object.fromEntries(rows);
}

async function exported(sqlite: Database, sealed: ReturnType<typeof openSealed>): Promise<number> {
  return exportAllInvocations(
    sqlite,
    {
      ...{ filter: { commandId: COMMAND }, sort: 'requestedAt', isDescending: false, include: 'outputs' },
      ...{ format: 'ndjson', csvForm: 'safe' },
    },
    { push: () => {} },
    sealed,
  );
}

/** How many of the command's invocations an evidence pack would have. */
async function gathered(sqlite: Database, lake: string): Promise<number> {
  const { gather, close } = openGatherer(sqlite, placeOf(lake));
  sqlite.exec('BEGIN');
  try {
    await gather(sqlite, { commandId: COMMAND });
    return Number(sqlite.prepare('SELECT count(*) FROM invocations WHERE command_id = ?').pluck().get(COMMAND));
  } finally {
    sqlite.exec('ROLLBACK');
    close();
  }
}

async function faultsOfLake(sqlite: Database, lake: string): Promise<string[]> {
  const store = openFolderStore(lake);
  const objects = openObjects(store, { folder: tempFolder(), maxBytes: 0 });
  const days = readSealedDays(sqlite);
  const found: VerifiedDay[] = [];
  for (const day of days) found.push(await verifyDay({ sqlite, store, objects }, day));
  const verdict = judgeDays(sqlite, { found, months: [], size: sizeToVerify(sqlite), ofDays: days.length });
  return verdict.faults.map(({ what }) => what);
}
