import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveLeaf } from '../../../src/archive/checkpoints/prove-leaf.ts';
import { readLedgerEntries } from '../../../src/archive/checkpoints/read-ledger-entries.ts';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { releaseHold } from '../../../src/archive/holds/release-hold.ts';
import { getInvocation } from '../../../src/archive/invocations/get-invocation.ts';
import { planPrune } from '../../../src/archive/prune/plan-prune.ts';
import type { PruneKind, PruneSelection } from '../../../src/archive/prune/prunable.ts';
import { type Pruned, prune } from '../../../src/archive/prune/prune.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { Tombstone } from '../../../src/ledger/entries/tombstone.ts';
import { rootOfInclusion } from '../../../src/ledger/tree/root-of-inclusion.ts';
import { page, rawInvocation, rawPlugin, SOURCE } from '../raw-invocation.ts';
import {
  type BuiltArchive,
  buildArchive,
  opened,
  recordPass,
  sentences,
  verifyInProcess,
} from '../verify/attacked-archive.ts';
import { invocationsOf } from '../verify/odd-fleet.ts';

const LATER = Date.parse('2026-12-01T00:00:00.000Z');
const ORDER = { by: 'auditor', reason: 'thirteen months are over' };

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130, { isPruned: false });
});
afterAll(() => archive.remove());

function pruneOf(
  sqlite: Database,
  kind: PruneKind,
  selection: PruneSelection,
  { nowMs = LATER, onProgress }: { nowMs?: number; onProgress?: (pruned: Pruned) => void } = {},
): Promise<Pruned> {
  return prune({ sqlite, now: () => new Date(nowMs), renew: () => {}, onProgress }, { ...ORDER, kind, selection });
}

const intact = (sqlite: Database) => sentences(verifyInProcess(sqlite));
const count = (sqlite: Database, sql: string) => Number(sqlite.prepare(`SELECT count(*) FROM ${sql}`).pluck().get());
const tombstones = (sqlite: Database) =>
  sqlite
    .prepare<[], string>("SELECT entry_json FROM ledger_entries WHERE kind = 'pruned' ORDER BY seq")
    .pluck()
    .all()
    .map((entry) => Tombstone.parse(JSON.parse(entry)));

describe('pruning invocations', () => {
  it('removes everything that is known about them, and leaves the archive intact', async () => {
    const sqlite = opened(archive);
    const of = "invocations WHERE command_id = 'command-4'";
    const plan = planPrune(sqlite, {
      ...{ kind: 'invocations', selection: { commandId: 'command-4' }, nowMs: LATER },
    });
    expect(plan).toMatchObject({ invocations: count(sqlite, of), held: 0, unfinished: 0, young: 0 });
    const pruned = await pruneOf(sqlite, 'invocations', { commandId: 'command-4' });
    expect(pruned).toMatchObject({ invocations: plan.invocations, states: plan.states, commands: 1 });
    expect(pruned.outputs).toBeGreaterThanOrEqual(plan.outputs);
    expect(count(sqlite, of)).toBe(0);
    expect(count(sqlite, "commands WHERE command_id = 'command-4'")).toBe(0);
    expect(count(sqlite, "command_senders WHERE command_id = 'command-4'")).toBe(0);
    expect(count(sqlite, 'plugins WHERE invocation_id NOT IN (SELECT id FROM invocations)')).toBe(0);
    const verdict = verifyInProcess(sqlite);
    expect(sentences(verdict)).toBe('');
    expect(verdict.pruned).toBeGreaterThan(plan.states);
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('leaves no trace of the invocations in the bytes of the file', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const secret = rawInvocation({
      ...{ CommandId: 'secret', InstanceId: 'i-secret', Comment: 'Xyzzy-comment' },
      CommandPlugins: [rawPlugin({ Output: 'Xyzzy-output and more of it' })],
    });
    record(page([secret, ...invocationsOf(40, 5)]));
    await indexOutputs(sqlite);
    const bytesNow = () => sqlite.serialize().toString('latin1');
    expect(bytesNow()).toContain('Xyzzy-output');
    await pruneOf(sqlite, 'invocations', { commandId: 'secret' });
    expect(bytesNow()).not.toContain('Xyzzy');
    expect(intact(sqlite)).toBe('');
  });

  it('records in the ledger what was pruned, why and by whom, and keeps the hashes and proofs of the leaves', async () => {
    const sqlite = opened(archive);
    const before = readLedgerEntries(sqlite, { from: 0, to: 256 });
    const proven = proveLeaf(sqlite, { leaf: 3, size: 200 });
    await pruneOf(sqlite, 'invocations', { account: '012345678901', status: ['Success'] });
    const [tombstone] = tombstones(sqlite);
    expect(tombstone).toMatchObject({
      ...{ what: 'entries', ...ORDER, at: new Date(LATER).toISOString() },
      selection: { kind: 'invocations', account: '012345678901', status: ['Success'] },
      places: [{ accountId: '012345678901', region: 'eu-west-1', fromAt: expect.stringContaining('2026-03-01') }],
    });
    const after = readLedgerEntries(sqlite, { from: 0, to: 256 });
    expect(after.map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash));
    const gone = after.filter(({ entry }) => entry === null);
    expect(gone.length).toBeGreaterThan(50);
    for (const { kind, tombstone: leaf } of gone) {
      expect(kind).toBe('pruned');
      const [said] = readLedgerEntries(sqlite, { from: leaf ?? -1, to: (leaf ?? -1) + 1 });
      expect(said?.kind).toBe('pruned');
    }
    expect(after[3]?.entry).toBeNull();
    const { proof, root, leafHash } = proveLeaf(sqlite, { leaf: 3, size: 200 });
    expect({ proof, root, leafHash }).toEqual({ proof: proven.proof, root: proven.root, leafHash: proven.leafHash });
    expect(rootOfInclusion(leafHash, 3, 200, proof)).toEqual(root);
    expect(intact(sqlite)).toBe('');
  });

  it('keeps an output that another invocation printed too, and removes an output that only the pruned ones printed', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const printed = (InstanceId: string, Output: string, Status = 'Success') =>
      rawInvocation({ CommandId: 'c', InstanceId, Status, CommandPlugins: [rawPlugin({ Output })] });
    // i-1 has the first output in its present state, i-2 the second only in an earlier state.
    record(page([printed('i-1', 'shared now'), printed('i-2', 'shared before', 'InProgress')]));
    record(page([printed('i-2', 'later')]));
    record(page([printed('i-3', 'shared now'), printed('i-4', 'shared before'), printed('i-5', 'alone')]));
    const has = (text: string) => sqlite.prepare('SELECT count(*) FROM outputs WHERE text = ?').pluck().get(text);
    for (const instanceId of ['i-3', 'i-4', 'i-5'])
      await pruneOf(sqlite, 'invocations', { commandId: 'c', instanceId });
    expect(['shared now', 'shared before', 'alone'].map(has)).toEqual([1, 1, 0]);
    expect(intact(sqlite)).toBe('');
    await pruneOf(sqlite, 'invocations', { commandId: 'c' });
    expect(['shared now', 'shared before', 'later'].map(has)).toEqual([0, 0, 0]);
    expect(intact(sqlite)).toBe('');
  });

  it('keeps invocations that are held, that are unfinished, or that the service still shows', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const requested = (InstanceId: string, more: object = {}) =>
      rawInvocation({ CommandId: 'c', InstanceId, RequestedDateTime: 1772500000, ...more });
    record(page(['i-1', 'i-2', 'i-3'].map((id) => requested(id))));
    record(page([requested('i-4', { Status: 'InProgress', StatusDetails: 'InProgress' })]));
    record(page([requested('i-5', { RequestedDateTime: LATER / 1000 - 30.5 * 86_400 })]));
    const placed = { reason: 'case 7', placedBy: 'legal', placedAt: '2026-03-01T00:00:00.000Z' };
    const id = placeHold(sqlite, { ...placed, instanceId: 'i-1' });
    placeHold(sqlite, {
      ...placed,
      commandId: 'c',
      fromAt: '2026-03-03T01:06:40.000Z',
      toAt: '2026-03-03T01:06:40.001Z',
      instanceId: 'i-2',
    });
    placeHold(sqlite, { ...placed, commandId: 'c', toAt: '2026-03-03T01:06:40.000Z' });
    const asked = { kind: 'invocations', selection: { commandId: 'c' }, nowMs: LATER } as const;
    expect(planPrune(sqlite, asked)).toMatchObject({ invocations: 1, held: 2, unfinished: 1, young: 1 });
    expect(await pruneOf(sqlite, 'invocations', asked.selection)).toMatchObject({ invocations: 1, commands: 0 });
    expect(
      sqlite.prepare("SELECT instance_id FROM invocations WHERE command_id = 'c' ORDER BY 1").pluck().all(),
    ).toEqual(['i-1', 'i-2', 'i-4', 'i-5']);
    releaseHold(sqlite, { id, reason: 'closed', by: 'legal', at: '2026-04-01T00:00:00.000Z' });
    expect(await pruneOf(sqlite, 'invocations', asked.selection)).toMatchObject({ invocations: 1 });
    expect(intact(sqlite)).toBe('');
  });

  it('respects a hold that is placed while pruning is running', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const many = Array.from({ length: 2500 }, (_, n) => rawInvocation({ CommandId: 'c', InstanceId: `i-${n}` }));
    for (let n = 0; n < many.length; n += 50) record(page(many.slice(n, n + 50)));
    let isPlaced = false;
    const pruned = await pruneOf(
      sqlite,
      'invocations',
      { commandId: 'c' },
      {
        onProgress() {
          if (!isPlaced)
            placeHold(sqlite, { commandId: 'c', reason: 'r', placedBy: 'p', placedAt: new Date().toISOString() });
          isPlaced = true;
        },
      },
    );
    expect(pruned.tombstones).toBe(1);
    expect(count(sqlite, "invocations WHERE command_id = 'c'")).toBe(2500 - pruned.invocations);
    expect(intact(sqlite)).toBe('');
  });

  it('leaves an intact archive after each of its steps, and continues if it was interrupted', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const many = Array.from({ length: 2500 }, (_, n) =>
      rawInvocation({
        CommandId: `c-${n % 300}`,
        InstanceId: `i-${n}`,
        CommandPlugins: [rawPlugin({ Output: `of ${n}` })],
      }),
    );
    for (let n = 0; n < many.length; n += 50) record(page(many.slice(n, n + 50)));
    const found: string[] = [];
    const stop = new AbortController();
    const deps = { sqlite, now: () => new Date(LATER), renew: () => {} };
    const request = { ...ORDER, kind: 'invocations', selection: { documentName: 'AWS-RunShellScript' } } as const;
    await prune(
      {
        ...deps,
        signal: stop.signal,
        onProgress: () => {
          found.push(intact(sqlite));
          stop.abort();
        },
      },
      request,
    );
    const left = count(sqlite, 'invocations');
    expect(left).toBeGreaterThan(1000);
    await prune({ ...deps, onProgress: () => found.push(intact(sqlite)) }, request);
    expect(found.length).toBeGreaterThan(4);
    expect(new Set(found)).toEqual(new Set(['']));
    expect(count(sqlite, "invocations WHERE document_name = 'AWS-RunShellScript'")).toBe(0);
  });

  it('writes nothing if there is nothing to prune', async () => {
    const sqlite = opened(archive);
    const before = sqlite.serialize();
    expect(await pruneOf(sqlite, 'invocations', { account: 'nobody' })).toMatchObject({ tombstones: 0 });
    expect(sqlite.serialize().equals(before)).toBe(true);
  });

  it('leaves a working archive, even if everything is pruned', async () => {
    const sqlite = opened(archive);
    await pruneOf(sqlite, 'invocations', { requestedBefore: '2027-01-01T00:00:00.000Z' });
    expect(count(sqlite, 'invocations')).toBe(0);
    expect(count(sqlite, 'revision_pages')).toBe(1);
    expect(intact(sqlite)).toBe('');
    recordPass({ sqlite }, 7, invocationsOf(60, 7));
    expect(intact(sqlite)).toBe('');
    await pruneOf(sqlite, 'invocations', { requestedBefore: '2027-01-01T00:00:00.000Z' });
    expect(intact(sqlite)).toBe('');
  });
});

describe('pruning outputs', () => {
  it('keeps invocations, steps and states, and says that the steps had outputs', async () => {
    const sqlite = opened(archive);
    const before = { invocations: count(sqlite, 'invocations'), revisions: count(sqlite, 'revisions') };
    const withOutput = count(
      sqlite,
      "plugins JOIN invocations i ON i.id = invocation_id WHERE command_id = 'command-3' AND output_id IS NOT NULL",
    );
    const selection = { commandId: 'command-3' };
    const pruned = await pruneOf(sqlite, 'outputs', selection, { nowMs: Date.parse('2026-03-02T00:00:00Z') });
    expect(pruned.invocations).toBeGreaterThan(5);
    expect({ invocations: count(sqlite, 'invocations'), revisions: count(sqlite, 'revisions') }).toEqual(before);
    const rows = sqlite
      .prepare(
        "SELECT output, is_output_pruned FROM plugin_runs WHERE command_id = 'command-3' AND is_output_pruned = 1",
      )
      .all();
    expect(rows).toHaveLength(withOutput);
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(['{"output":null,"is_output_pruned":1}']));
    expect(intact(sqlite)).toBe('');
    expect(await pruneOf(sqlite, 'outputs', selection)).toMatchObject({ tombstones: 0, invocations: 0 });
  });

  it('marks outputs of present and past states as pruned, even if other states still show the same text', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const shown = (InstanceId: string, Output: string, observedAt: string) =>
      page([rawInvocation({ CommandId: 'c', InstanceId, CommandPlugins: [rawPlugin({ Output })] })], { observedAt });
    record(shown('i-1', 'same', '2026-03-05T00:00:00.000Z'));
    record(shown('i-1', 'later', '2026-03-06T00:00:00.000Z'));
    record(shown('i-2', 'same', '2026-03-06T00:00:00.000Z'));
    await pruneOf(sqlite, 'outputs', { commandId: 'c', instanceId: 'i-1' });
    const key = { ...SOURCE, commandId: 'c' };
    const stepOf = (instanceId: string, asOf?: string) =>
      getInvocation(sqlite, { ...key, instanceId }, asOf)?.plugins?.map(({ output, isOutputPruned }) => [
        output,
        isOutputPruned,
      ]);
    expect(stepOf('i-1')).toEqual([[null, true]]);
    expect(stepOf('i-1', '2026-03-05T12:00:00.000Z')).toEqual([[null, true]]);
    expect(stepOf('i-2')).toEqual([['same', false]]);
  });

  it('leaves no trace of the text of a UTF-16 output, including its words in the index', async () => {
    const sqlite = opened(archive);
    const Output = Buffer.from('the secret is hunter22\r\n', 'utf16le').toString();
    createSingleReplyRecorder(sqlite)(
      page([rawInvocation({ CommandId: 'c', CommandPlugins: [rawPlugin({ Output })] })]),
    );
    await indexOutputs(sqlite);
    const left = () => [
      count(sqlite, "decoded_outputs WHERE text LIKE '%hunter22%'"),
      count(sqlite, "outputs_fts WHERE outputs_fts MATCH 'hunter22'"),
    ];
    expect(left()).toEqual([1, 1]);
    await pruneOf(sqlite, 'outputs', { commandId: 'c' });
    expect(left()).toEqual([0, 0]);
    expect(() =>
      sqlite.exec("INSERT INTO outputs_fts (outputs_fts, rank) VALUES ('integrity-check', 1)"),
    ).not.toThrow();
    expect(intact(sqlite)).toBe('');
  });

  it('allows the outputs to be stored again if the service shows them later', async () => {
    const sqlite = opened(archive);
    const record = createSingleReplyRecorder(sqlite);
    const shown = (Output: string) =>
      page([rawInvocation({ CommandId: 'c', CommandPlugins: [rawPlugin({ Output })] })]);
    record(shown('first'));
    await pruneOf(sqlite, 'outputs', { commandId: 'c' });
    expect(record(shown('first'))).toMatchObject({ changed: 0, added: 0 });
    createSingleReplyRecorder(sqlite)(shown('second'));
    expect(sqlite.prepare("SELECT output, is_output_pruned FROM plugin_runs WHERE command_id = 'c'").all()).toEqual([
      { output: 'second', is_output_pruned: 0 },
    ]);
    expect(intact(sqlite)).toBe('');
    await pruneOf(sqlite, 'outputs', { commandId: 'c' });
    await pruneOf(sqlite, 'invocations', { commandId: 'c' });
    expect(intact(sqlite)).toBe('');
  });
});

describe('without a tombstone,', () => {
  it.each([
    ['DELETE FROM revisions', 'deleted without a tombstone'],
    ["DELETE FROM ledger_entries WHERE kind = 'row'", 'deleted without a tombstone'],
    ["UPDATE revision_pages SET states = x''", 'changed without a tombstone'],
    ['DELETE FROM revision_pages', 'deleted without a tombstone'],
    ['DELETE FROM pruned_leaves', 'a tombstone is never deleted'],
    ['UPDATE pruned_leaves SET to_seq = 1', 'a tombstone is never changed'],
  ])('the statement %s is refused', async (sql, why) => {
    const sqlite = opened(archive);
    await pruneOf(sqlite, 'invocations', { commandId: 'command-4' });
    sqlite.pragma('foreign_keys = OFF');
    expect(() => sqlite.exec(sql)).toThrow(why);
  });
});
