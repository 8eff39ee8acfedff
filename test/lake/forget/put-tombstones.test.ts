import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readAllSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import { putTombstones } from '../../../src/lake/forget/put-tombstones.ts';
import { inspectLake } from '../../../src/lake/inspect/inspect-lake.ts';
import { ProvedEntry } from '../../../src/lake/seal/manifest-file.ts';
import { keyOfTombstone } from '../../../src/lake/tables/object-key.ts';
import { checkGone } from '../../../src/lake/verify/check-gone.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../../src/ledger/tree/root-of-inclusion.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { forgetDeps, forgetNow } from './forgetting.ts';

it('the tombstone of a whole pruned day is in the lake with its proof, and doctor and verify know it', async () => {
  const archive = await sealedArchive({ sealed: 2 });
  const { sqlite, store, lake, sealed } = archive;
  const [first = '', second = ''] = sealed;
  const deps = forgetDeps(archive);
  await putTombstones(deps);
  expect((await inspectLake(sqlite, store)).untold).toEqual([]);
  await forgetNow(archive, { requestedBefore: `${second}T00:00:00.000Z` });
  const key = keyOfTombstone(0, first, 1);
  // A crash in between leaves a day without its tombstone, which the next run puts there.
  expect(await inspectLake(sqlite, store)).toMatchObject({ untold: [key], missing: [], unnamed: [] });
  await putTombstones(deps);
  expect(await inspectLake(sqlite, store)).toMatchObject({ untold: [], missing: [], unnamed: [], resized: [] });
  expect((await checkGone(sqlite, store)).faults).toEqual([]);
  const path = join(lake, key);
  const text = readFileSync(path, 'utf8');
  const { entry, proof } = ProvedEntry.parse(JSON.parse(text));
  const seq = readAllSealedDays(sqlite)[0]?.prunedSeq;
  expect(proof.leaf).toBe((seq ?? 0) - 1);
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'hex'));
  expect(rootOfInclusion(hashLeaf(entry), proof.leaf, proof.size, hashes).toString('hex')).toBe(proof.root);
  await putTombstones(deps);
  expect(readFileSync(path, 'utf8')).toBe(text);
  rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.replace('a rule', 'another'));
  expect((await checkGone(sqlite, store)).faults).toEqual([
    expect.objectContaining({ what: expect.stringContaining('is not the tombstone that the ledger has of') }),
  ]);
});
