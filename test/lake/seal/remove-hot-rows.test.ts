import { join } from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { readSealedDay } from '../../../src/archive/sealed/read-sealed-days.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import type { SealDeps } from '../../../src/lake/seal/seal-deps.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { keyOfDay } from '../../../src/lake/tables/object-key.ts';
import { createBatchReader } from '../../../src/ledger/entries/create-batch-reader.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { sealDeps } from '../sealed-archive.ts';

const DAY = '2026-03-01';
const AT = Date.parse(`${DAY}T09:30:00.000Z`) / 1000;
const DAY_S = 86_400;

interface Lake {
  db: ArchiveDb;
  deps: SealDeps;
  folder: string;
  record: ReturnType<typeof createSingleReplyRecorder>;
}

async function setUp(): Promise<Lake> {
  const db = tempArchive();
  const folder = join(tempFolder(), 'lake');
  const deps = await sealDeps(db.sqlite.name, openFolderStore(folder));
  return { db, deps, folder, record: createSingleReplyRecorder(db.sqlite) };
}

function run(node: string, { output = 'done', day = 0, ...members }: Members & { output?: string; day?: number } = {}) {
  return rawInvocation({
    ...{ InstanceId: node, RequestedDateTime: AT + day * DAY_S, CommandPlugins: [rawPlugin({ Output: output })] },
    ...members,
  });
}

const nodesOf = ({ db }: Lake) =>
  db.sqlite.prepare<[], string>('SELECT instance_id FROM invocations ORDER BY 1').pluck().all();
const textsOf = ({ db }: Lake) => db.sqlite.prepare<[], string>('SELECT text FROM outputs ORDER BY 1').pluck().all();

const OTHER_COMMAND = '22222222-2222-4333-8444-555555555555';

describe('removing the rows of a sealed day', () => {
  it('keeps the text that another invocation printed in an earlier state, and gives the lake those of the day', async () => {
    const lake = await setUp();
    const { record, deps, folder } = lake;
    record(page([run('i-1', { output: 'shared' }), run('i-2', { output: 'first', Status: 'InProgress' })]));
    record(page([run('i-3', { output: 'shared', Status: 'InProgress', day: 1 })]));
    record(page([run('i-2', { output: 'last' }), run('i-3', { output: 'other', day: 1 })]));
    expect(textsOf(lake)).toEqual(['first', 'last', 'other', 'shared']);
    await sealDay(deps, DAY);
    expect(nodesOf(lake)).toEqual(['i-3']);
    expect(textsOf(lake)).toEqual(['other', 'shared']);
    const file = await openParquet(await asyncBufferFromFile(join(folder, keyOfDay(0, 'earlier_outputs', DAY))));
    const at = (name: string) => file.columns.findIndex((column) => column.name === name);
    const rows = [];
    for await (const row of file.read()) rows.push([row[at('instance_id')], row[at('output')]]);
    expect(rows).toEqual([['i-2', 'first']]);
  });

  it('keeps the text of a state that became an earlier one while rows were removed', async () => {
    const lake = await setUp();
    const { record, deps } = lake;
    record(page([run('i-1', { output: 'shared' }), run('i-2', { output: 'shared', Status: 'InProgress', day: 1 })]));
    deps.named();
    record(page([run('i-2', { output: 'other', day: 1 })]));
    await sealDay(deps, DAY);
    expect(textsOf(lake)).toEqual(['other', 'shared']);
  });

  it('leaves what changed after the day was read, and what was recorded with it in one batch', async () => {
    const lake = await setUp();
    const { record, deps, db } = lake;
    record(page([run('i-1'), run('i-2', { Status: 'InProgress' }), run('i-3', { day: 1 })]));
    const late = { ...deps, onStep: ({ step }: { step: string }) => void (step === 'staged' && change()) };
    const change = () => record(page([run('i-2', { output: 'late' }), run('i-4')]));
    expect(await sealDay(late, DAY)).toMatchObject({ invocations: 2, removed: 1 });
    expect(nodesOf(lake)).toEqual(['i-2', 'i-3', 'i-4']);
    expect(db.sqlite.prepare('SELECT count(*) FROM sealed_pages').pluck().get()).toBe(1);
    const { states, digest, presentDigest } = createBatchReader(db.sqlite)(1);
    expect(states.map((state) => state === '')).toEqual([true, false, false]);
    expect(digest).not.toEqual(presentDigest);
  });

  it('never gives an id of theirs to another invocation', async () => {
    const lake = await setUp();
    const { record, deps, db } = lake;
    record(page([run('i-1'), run('i-2')]));
    await sealDay(deps, DAY);
    expect(nodesOf(lake)).toEqual([]);
    record(page([run('i-3', { day: 1, CommandId: OTHER_COMMAND })]));
    const { lastId = 0 } = readSealedDay(db.sqlite, DAY) ?? {};
    expect(db.sqlite.prepare('SELECT id FROM invocations').pluck().get()).toBe(lastId + 1);
  });

  it('does not let a collector that has run since before name an output that is gone', async () => {
    const lake = await setUp();
    const { record, deps, db } = lake;
    record(page([run('i-1', { output: 'gone' })]));
    await sealDay(deps, DAY);
    expect(textsOf(lake)).toEqual([]);
    record(page([run('i-2', { output: 'gone', day: 1, CommandId: OTHER_COMMAND })]));
    expect(textsOf(lake)).toEqual(['gone']);
    expect(db.sqlite.pragma('foreign_key_check')).toEqual([]);
  });
});
