import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { readFloor } from '../../../src/archive/sealed/read-floor.ts';
import { readAllSealedDays, readSealedDay } from '../../../src/archive/sealed/read-sealed-days.ts';
import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import { listAllInvocations } from '../../../src/archive/whole/list-all-invocations.ts';
import { Tombstone } from '../../../src/ledger/entries/tombstone.ts';
import { dayAfter } from '../../../src/lib/time.ts';
import { openSealed } from '../open-sealed.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';
import { forgetNow } from './forgetting.ts';

function faultsOf({ sqlite }: SealedArchive) {
  return verifyWhole(sqlite, { trustedKeys: [], outside: [] }).faults;
}

/** A node that something ran on, on the first sealed day. */
function nodeOf({ sqlite }: SealedArchive): string {
  const node = sqlite
    .prepare<[], string>("SELECT value FROM sealed_values WHERE kind = 'instanceId' ORDER BY first_day LIMIT 1")
    .pluck()
    .get();
  return node ?? '';
}

function isThere({ lake }: SealedArchive, key: string): boolean {
  return existsSync(join(lake, key));
}

describe('a sealed day of which everything is pruned', () => {
  it('goes behind a tombstone that names its entry and exactly its leaves, and nothing of it is in the lake', async () => {
    const archive = await sealedArchive();
    const { sqlite, sealed } = archive;
    expect(faultsOf(archive)).toEqual([]);
    const [first = '', second = ''] = sealed;
    const before = readSealedDay(sqlite, first);
    const floor = readFloor(sqlite);
    const done = await forgetNow(archive, { requestedBefore: `${second}T00:00:00.000Z` });
    expect(done.days).toMatchObject([{ day: first, how: 'removed', goes: before?.invocations, held: 0 }]);
    const after = readAllSealedDays(sqlite)[0];
    const entry = sqlite
      .prepare<[number | null], string>('SELECT entry_json FROM ledger_entries WHERE seq = ?')
      .pluck()
      .get(after?.prunedSeq ?? 0);
    const tombstone = Tombstone.parse(JSON.parse(entry ?? ''));
    expect(tombstone.sealed).toEqual({ day: first, entry: before?.entrySeq });
    expect(tombstone.invocations).toBe(before?.invocations);
    expect(tombstone.seqs.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(before?.leaves);
    for (const { key } of before?.objects ?? []) expect(isThere(archive, key)).toBe(false);
    expect(faultsOf(archive)).toEqual([]);
    expect(readFloor(sqlite)).toBe(floor);
    expect(sqlite.prepare('SELECT count(*) FROM lake_removals').pluck().get()).toBe(0);
  });

  it('stays whole if anything of it is held, and the plan says so', async () => {
    const archive = await sealedArchive();
    const { sqlite, sealed } = archive;
    const [first = '', second = ''] = sealed;
    const hold = { reason: 'case', placedBy: 'me', placedAt: '2026-05-01T00:00:00.000Z' };
    placeHold(sqlite, { instanceId: nodeOf(archive), ...hold });
    const done = await forgetNow(archive, { requestedBefore: `${dayAfter(second)}T00:00:00.000Z` });
    expect(done.days.find(({ day }) => day === first)).toMatchObject({ how: 'stays' });
    expect(readSealedDay(sqlite, first)?.prunedSeq).toBeNull();
    expect(faultsOf(archive)).toEqual([]);
  });
});

describe('a sealed day of which a part is pruned', () => {
  it('is sealed again without it, as its next generation', async () => {
    const archive = await sealedArchive();
    const { sqlite, sealed } = archive;
    const [first = ''] = sealed;
    const before = readSealedDay(sqlite, first);
    const done = await forgetNow(archive, { instanceId: nodeOf(archive) });
    expect(done.days[0]).toMatchObject({ day: first, how: 'rewritten' });
    const after = readSealedDay(sqlite, first);
    expect(after?.generation).toBe(2);
    expect(after?.invocations).toBe((before?.invocations ?? 0) - (done.days[0]?.goes ?? 0));
    expect(faultsOf(archive)).toEqual([]);
  });

  it('loses the outputs of a node in all sealed days, if only these are pruned, and nothing else', async () => {
    const archive = await sealedArchive();
    const { sqlite, lake, sealed } = archive;
    const ofNode = async () => {
      const query = { filter: { instanceId: nodeOf(archive) }, sort: 'requestedAt', isDescending: false } as const;
      const reading = openSealed(sqlite, lake);
      const { items } = await listAllInvocations(sqlite, { ...query, include: 'outputs', limit: 1000 }, reading);
      return items.filter(({ requestedAt }) => sealed.includes(requestedAt?.slice(0, 10) ?? ''));
    };
    const before = await ofNode();
    const printed = before.flatMap(({ plugins = [] }) => plugins.filter(({ output }) => output !== null));
    expect(printed.length).toBeGreaterThan(1);
    const done = await forgetNow(archive, { instanceId: nodeOf(archive) }, { kind: 'outputs' });
    expect(done.days.map(({ how }) => how)).toContain('rewritten');
    const after = await ofNode();
    expect(after.map(({ commandId }) => commandId)).toEqual(before.map(({ commandId }) => commandId));
    expect(after.flatMap(({ plugins = [] }) => plugins.filter(({ output }) => output !== null))).toEqual([]);
    expect(faultsOf(archive)).toEqual([]);
  });
});
