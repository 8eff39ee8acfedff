import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readLedgerEntries } from '../../../src/archive/checkpoints/read-ledger-entries.ts';
import { listInvocations } from '../../../src/archive/invocations/list-invocations.ts';
import { planPrune } from '../../../src/archive/prune/plan-prune.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { recordFullOutputs } from '../../../src/archive/record/record-full-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { commitmentOf } from '../../../src/ledger/entries/commitments.ts';
import { parseSearch } from '../../../src/questions/parse-search.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { OBSERVED_AT, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

const STEP = { position: 0, name: 'runShellScript', fetchedAt: '2026-03-01T10:05:00.000Z' } as const;
const whole = { totalBytes: null, cutBy: null, location: null } as const;

/** An archive with two nodes of one command, each with one step. */
function archive(): { sqlite: Database; ids: number[] } {
  const { sqlite } = tempArchive();
  bringIntoLedger(sqlite);
  const nodes = ['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2'].map((InstanceId) =>
    rawInvocation({ InstanceId, CommandPlugins: [rawPlugin({ Output: `of ${InstanceId}` })] }),
  );
  createSingleReplyRecorder(sqlite)(page(nodes));
  const ids = sqlite.prepare<[], number>('SELECT id FROM invocations ORDER BY id').pluck().all();
  return { sqlite, ids };
}

function fetch(sqlite: Database, invocationId: number, stdout: string): number {
  return recordFullOutputs(sqlite, { ...STEP, invocationId, provenance: 'get' }, [
    { ...whole, stream: 'stdout', bytes: Buffer.from(stdout) },
    { ...whole, stream: 'stderr', bytes: Buffer.alloc(0) },
  ]);
}

const faults = (sqlite: Database) =>
  verifyWhole(sqlite, { trustedKeys: [], outside: [] }).faults.map(({ what }) => what);
const texts = (sqlite: Database) =>
  sqlite.prepare('SELECT stream, text FROM full_outputs LEFT JOIN outputs ON outputs.id = output_id').raw().all();
const found = (sqlite: Database, q: string) =>
  listInvocations(sqlite, {
    ...{ filter: { q: parseSearch(q) }, sort: 'requestedAt', isDescending: true, limit: 50, include: 'outputs' },
  }).items;

describe('a fetched output', () => {
  it('is a leaf of the ledger for each stream, which shows the digest, the sizes and the place only with its openings', () => {
    const { sqlite, ids } = archive();
    const [invocationId = 0] = ids;
    const location = { bucket: 'secret-bucket', key: 'a/b/stdout' };
    const bytes = Buffer.from('all of it\n');
    recordFullOutputs(sqlite, { ...STEP, invocationId, provenance: 's3' }, [
      { stream: 'stdout', bytes, totalBytes: 30_000_000, cutBy: 'limit', location },
    ]);
    const entry = readLedgerEntries(sqlite, { from: 0, to: 100 }).find(({ kind }) => kind === 'output');
    const shown = JSON.parse(entry?.entry ?? '');
    expect(shown).toMatchObject({
      ...{ kind: 'output', stream: 'stdout', provenance: 's3', position: 0, name: 'runShellScript' },
      ...{ isCut: true, cutBy: 'limit', encoding: 'utf-8' },
    });
    for (const secret of ['secret-bucket', 'sizeBytes', '30000000']) expect(entry?.entry).not.toContain(secret);
    expect(entry?.openings.map(({ value }) => JSON.parse(value))).toEqual([
      '6b6185e63cff648293fe9acac21f322476477a0fe9c66f48a487d84d8414ef2d',
      { sizeBytes: 10, totalBytes: 30_000_000 },
      location,
    ]);
    const commitments = [shown.digest, shown.size, shown.location].map(({ commitment }) => commitment);
    expect(entry?.openings.map(commitmentOf)).toEqual(commitments);
    expect(faults(sqlite)).toEqual([]);
  });

  it('is stored once for each stream and place: what is fetched again changes nothing', () => {
    const { sqlite, ids } = archive();
    const [invocationId = 0] = ids;
    expect(fetch(sqlite, invocationId, 'first')).toBe(2);
    expect(fetch(sqlite, invocationId, 'second')).toBe(0);
    expect(texts(sqlite)).toEqual([
      ['stdout', 'first'],
      ['stderr', ''],
    ]);
    expect(faults(sqlite)).toEqual([]);
  });

  it('is found by the search, while the list still has what the service said', async () => {
    const { sqlite, ids } = archive();
    fetch(sqlite, ids[1] ?? 0, `${'x'.repeat(30_000)} kernel panic`);
    await indexOutputs(sqlite);
    const [one, ...others] = found(sqlite, 'panic');
    expect(others).toEqual([]);
    expect(one).toMatchObject({ instanceId: 'i-0aaaaaaaaaaaaaaa2', plugins: [{ output: 'of i-0aaaaaaaaaaaaaaa2' }] });
    expect(found(sqlite, 'of')).toHaveLength(2);
  });

  it('cannot be changed, replaced, emptied or deleted', () => {
    const { sqlite, ids } = archive();
    fetch(sqlite, ids[0] ?? 0, 'first');
    const row = 'SELECT * FROM full_outputs LIMIT 1';
    expect(() => sqlite.exec("UPDATE full_outputs SET name = 'x'")).toThrow('append-only');
    expect(() => sqlite.exec('UPDATE full_outputs SET output_id = NULL')).toThrow('append-only');
    expect(() => sqlite.exec('DELETE FROM full_outputs')).toThrow('append-only');
    expect(() => sqlite.exec(`INSERT OR REPLACE INTO full_outputs ${row}`)).toThrow('append-only');
  });
});

describe('what was fetched', () => {
  const order = { by: 'auditor', reason: 'time is over' };
  const nowMs = Date.parse(OBSERVED_AT) + 400 * 86_400_000;
  const deps = (sqlite: Database) => ({ sqlite, now: () => new Date(nowMs), renew: () => {} });
  const selection = { instanceId: 'i-0aaaaaaaaaaaaaaa1' };

  it.each(['outputs', 'invocations'] as const)(
    'pruning of %s removes fetched texts that no other step printed, and what is still to be fetched; the archive is intact',
    async (kind) => {
      const { sqlite, ids } = archive();
      fetch(sqlite, ids[0] ?? 0, 'only here');
      fetch(sqlite, ids[1] ?? 0, 'there');
      sqlite.exec(`INSERT INTO output_queue (invocation_id, position, provenance, account_id, region, requested_at)
        SELECT id, 0, 's3', account_id, region, requested_at FROM invocations`);
      await indexOutputs(sqlite);
      const plan = planPrune(sqlite, { kind, selection, nowMs });
      expect(await prune(deps(sqlite), { ...order, kind, selection })).toMatchObject({ states: 1, outputs: 2 });
      expect(plan).toMatchObject({ states: 1, outputs: 2 });
      const others = [
        ['stdout', 'there'],
        ['stderr', ''],
      ];
      const emptied = [
        ['stdout', null],
        ['stderr', null],
      ];
      expect(texts(sqlite)).toEqual(kind === 'outputs' ? [...emptied, ...others] : others);
      expect(sqlite.prepare('SELECT invocation_id FROM output_queue').pluck().all()).toEqual([ids[1]]);
      expect(faults(sqlite)).toEqual([]);
      expect(await prune(deps(sqlite), { ...order, kind, selection })).toMatchObject({ invocations: 0 });
    },
  );
});
