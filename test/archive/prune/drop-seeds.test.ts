import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Pruned, prune } from '../../../src/archive/prune/prune.ts';
import { isSeed } from '../../../src/ledger/entries/line-secrets.ts';
import { Tombstone } from '../../../src/ledger/entries/tombstone.ts';
import { type BuiltArchive, buildArchive, opened, sentences, verifyInProcess } from '../verify/attacked-archive.ts';

const NOW = new Date('2026-12-01T00:00:00.000Z');

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130, { isPruned: false });
});
afterAll(() => archive.remove());

const pruneOf = (sqlite: Database, commandId: string): Promise<Pruned> =>
  prune(
    { sqlite, now: () => NOW, renew: () => {} },
    { kind: 'invocations', selection: { commandId }, by: 'auditor', reason: 'thirteen months are over' },
  );

const seeds = (sqlite: Database) =>
  sqlite
    .prepare<[], { id: number; salt: Buffer }>('SELECT id, salt FROM revision_pages WHERE salt IS NOT NULL')
    .all()
    .filter(({ salt }) => isSeed(salt));

const tombstones = (sqlite: Database) =>
  sqlite
    .prepare<[], string>("SELECT entry_json FROM ledger_entries WHERE kind = 'pruned' ORDER BY seq")
    .pluck()
    .all()
    .map((entry) => Tombstone.parse(JSON.parse(entry)));

/** Prunes a command, and leaves its batches their seeds, as earlier versions did. Returns their numbers. */
async function pruneAsBefore(sqlite: Database, commandId: string): Promise<{ id: number; salt: Buffer }[]> {
  const before = seeds(sqlite);
  await pruneOf(sqlite, commandId);
  const kept = new Set(seeds(sqlite).map(({ id }) => id));
  const rewritten = before.filter(
    ({ id }) => !kept.has(id) && sqlite.prepare('SELECT 1 FROM pruned_pages WHERE page_id = ?').get(id) !== undefined,
  );
  const giveBack = sqlite.prepare('UPDATE revision_pages SET salt = ? WHERE id = ?');
  return rewritten.filter(({ id, salt }) => giveBack.run(salt, id).changes > 0);
}

it('a seed that an earlier version left to a batch goes with the next prune, also if nothing else is pruned', async () => {
  const sqlite = opened(archive);
  const left = await pruneAsBefore(sqlite, 'command-4');
  expect(left.length).toBeGreaterThan(0);
  const said = tombstones(sqlite).length;
  expect(await pruneOf(sqlite, 'command-that-never-was')).toMatchObject({ invocations: 0, states: 0 });
  const ids = left.map(({ id }) => id);
  expect(seeds(sqlite).filter(({ id }) => ids.includes(id))).toEqual([]);
  const bytes = sqlite.serialize().toString('latin1');
  for (const { salt } of left) expect(bytes).not.toContain(salt.toString('latin1'));
  const added = tombstones(sqlite).slice(said);
  expect(added).toHaveLength(1);
  expect(added[0]).toMatchObject({ what: 'entries', invocations: 0, seqs: [] });
  expect(added[0]?.pages.map(([id]) => id).sort()).toEqual([...ids].sort());
  expect(sentences(verifyInProcess(sqlite))).toBe('');
});

it('seeds are taken away once: the prune after that writes nothing about them', async () => {
  const sqlite = opened(archive);
  await pruneAsBefore(sqlite, 'command-4');
  await pruneOf(sqlite, 'command-that-never-was');
  const said = tombstones(sqlite).length;
  await pruneOf(sqlite, 'command-that-never-was');
  expect(tombstones(sqlite)).toHaveLength(said);
});

it('a batch of which nothing was pruned keeps its seed', async () => {
  const sqlite = opened(archive);
  const left = await pruneAsBefore(sqlite, 'command-4');
  const others = seeds(sqlite).filter(({ id }) => !left.some((one) => one.id === id));
  expect(others.length).toBeGreaterThan(0);
  await pruneOf(sqlite, 'command-that-never-was');
  expect(seeds(sqlite)).toEqual(others);
});
