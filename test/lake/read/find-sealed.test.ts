import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { getCommand } from '../../../src/archive/commands/get-command.ts';
import { createRepliesRecorder, type ReplyToRecord } from '../../../src/archive/record/record-replies.ts';
import { SealedMeanwhile } from '../../../src/archive/sealed/sealed-meanwhile.ts';
import { createLateRecorder } from '../../../src/ingest/record/create-late-recorder.ts';
import { createReplyWriter } from '../../../src/ingest/record/create-reply-writer.ts';
import { openSealedFinder } from '../../../src/lake/read/find-sealed.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { type Members, page, rawInvocation, rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { placeOf } from '../place-of.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';

const LATER = '2026-05-10T04:00:00.000Z';
const COMMAND = '99999999-2222-4333-8444-555555555555';
const NODES = ['i-1', 'i-2', 'i-3'];

describe('a reply about invocations of a sealed day', () => {
  it('writes nothing if nothing changed', async () => {
    const { archive, record, raws } = await sealedCommand();
    const before = countsOf(archive.sqlite);
    expect(await record(page(raws, { observedAt: LATER }))).toEqual({ seen: 3, added: 0, changed: 0, changedFinal: 0 });
    expect(countsOf(archive.sqlite)).toEqual(before);
  });

  it('changes the invocation that there is: its rows come back with their id and states, and it is counted once', async () => {
    const { archive, record, raws, ids } = await sealedCommand();
    const { sqlite } = archive;
    const changed = [{ ...raws[0], Status: 'Failed', StatusDetails: 'Failed' }, raws[1]];
    expect(await record(page(changed, { observedAt: LATER }))).toMatchObject({
      seen: 2,
      added: 0,
      changed: 1,
      changedFinal: 1,
    });
    expect(sqlite.prepare('SELECT id, status FROM invocations WHERE command_id = ?').all(COMMAND)).toEqual([
      { id: ids[0], status: 'Failed' },
    ]);
    const states = sqlite.prepare('SELECT count(*) FROM revisions WHERE invocation_id = ?').pluck();
    expect(states.get(ids[0])).toBe(2);
    expect(getCommand(sqlite, { ...SOURCE, commandId: COMMAND })).toMatchObject({
      ...{ invocations: 3, byStatus: { Failed: 1, Success: 2 } },
    });
    expect(dayCounts(sqlite)).toEqual({ Failed: 1, Success: 2 });
  });

  it('adds an invocation that nobody has seen, with an id that no sealed one has', async () => {
    const { archive, record, ids } = await sealedCommand();
    const { sqlite } = archive;
    const raw = invocation(archive, { InstanceId: 'i-4' });
    expect(await record(page([raw], { observedAt: LATER }))).toMatchObject({ added: 1, changed: 0 });
    const id = sqlite.prepare("SELECT id FROM invocations WHERE instance_id = 'i-4'").pluck().get();
    expect(Number(id)).toBeGreaterThan(Math.max(...ids));
    const last = sqlite.prepare('SELECT max(last_id) FROM sealed_days').pluck().get();
    expect(Number(id)).toBeGreaterThan(Number(last));
  });

  it('is refused if the lake was not looked at, and leaves nothing behind', async () => {
    const { archive, raws } = await sealedCommand();
    const before = countsOf(archive.sqlite);
    const record = createReplyWriter(createRepliesRecorder(archive.sqlite));
    await expect(record(page(raws, { observedAt: LATER }))).rejects.toThrow(SealedMeanwhile);
    expect(countsOf(archive.sqlite)).toEqual(before);
  });

  it('is compared again if its rows go to the lake while it is being recorded', async () => {
    const archive = await sealedArchive({ sealed: 0 });
    const raws = recordCommand(archive);
    const write = createReplyWriter(createRepliesRecorder(archive.sqlite));
    let tries = 0;
    const record = createLateRecorder(archive.trial.db, finderOf(archive), async (reply) => {
      // The rows were still there when the lake was not asked for them.
      if (tries++ === 0) await sealDay(archive.deps, `${archive.days[0]}`);
      return write(reply);
    });
    const changed = [{ ...raws[0], Status: 'Failed', StatusDetails: 'Failed' }];
    await record(page(changed, { observedAt: LATER }));
    expect(tries).toBe(2);
    expect(dayCounts(archive.sqlite)).toEqual({ Failed: 1, Success: 2 });
  });
});

/** An archive whose first day has a command on three nodes, and is sealed. */
async function sealedCommand() {
  const archive = await sealedArchive({ sealed: 0 });
  const raws = recordCommand(archive);
  const ids = archive.sqlite
    .prepare<[string], number>('SELECT id FROM invocations WHERE command_id = ? ORDER BY instance_id')
    .pluck()
    .all(COMMAND);
  await sealDay(archive.deps, `${archive.days[0]}`);
  expect(archive.sqlite.prepare('SELECT 1 FROM invocations WHERE command_id = ?').get(COMMAND)).toBeUndefined();
  const record = createLateRecorder(
    archive.trial.db,
    finderOf(archive),
    createReplyWriter(createRepliesRecorder(archive.sqlite)),
  );
  return { archive, record: (reply: ReplyToRecord) => record(reply), raws, ids };
}

function recordCommand(archive: SealedArchive): Members[] {
  const raws = NODES.map((InstanceId) => invocation(archive, { InstanceId }));
  createRepliesRecorder(archive.sqlite)([page(raws, { observedAt: `${archive.days[0]}T11:00:00.000Z` })]);
  return raws;
}

function invocation({ days }: SealedArchive, members: Members): Members {
  return rawInvocation({
    ...{ CommandId: COMMAND, RequestedDateTime: Date.parse(`${days[0]}T10:00:00.000Z`) / 1000 },
    ...{ DocumentName: 'Acme-Late', CommandPlugins: [rawPlugin({ Output: 'printed' })], ...members },
  });
}

function finderOf({ sqlite, lake }: SealedArchive) {
  const { find, close } = openSealedFinder(sqlite, placeOf(lake));
  onTestEnd(close);
  return find;
}

function countsOf(sqlite: Database) {
  const tables = ['invocations', 'plugins', 'revisions', 'revision_pages', 'ledger_entries', 'daily_counts'];
  return tables.map((table) => [table, sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]);
}

function dayCounts(sqlite: Database): Record<string, number> {
  const rows = sqlite
    .prepare<[], { status: string; n: number }>(
      "SELECT status, invocations AS n FROM daily_counts WHERE document_name = 'Acme-Late' AND invocations > 0",
    )
    .all();
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}
