import { expect, it } from 'vitest';
import { readAllEntries, readEntriesHere } from '../../../src/archive/whole/read-all-entries.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { openSealed } from '../../lake/open-sealed.ts';
import { sealedArchive } from '../../lake/sealed-archive.ts';

it('the entries of the ledger are what they were before the rows of their days went to the lake, and hash to the leaves of the tree', async () => {
  const { sqlite, lake, deps, days } = await sealedArchive({ sealed: 0 });
  const size = tileStore(sqlite).size();
  const ranges = Array.from({ length: Math.ceil(size / 100) }, (_, n) => ({
    from: n * 100,
    to: Math.min(size, (n + 1) * 100),
  }));
  const before = ranges.flatMap((range) => readEntriesHere(sqlite, range) ?? []);
  for (const day of days.slice(0, 6)) await sealDay(deps, day);
  const sealed = openSealed(sqlite, lake);
  expect(ranges.map((range) => readEntriesHere(sqlite, range))).toContain(undefined);
  const after = [];
  for (const range of ranges) after.push(...(await readAllEntries(sqlite, range, sealed)));
  expect(after).toEqual(before);
  for (const { entry, hash } of after) expect(hashLeaf(entry ?? '').toString('hex')).toBe(hash);
  expect(after.length).toBe(size);
});
