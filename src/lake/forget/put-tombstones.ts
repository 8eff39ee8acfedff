import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readAllSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { writeManifestFile } from '../seal/manifest-file.ts';
import { proveEntry } from '../seal/prove-days.ts';
import type { SealDeps } from '../seal/seal-deps.ts';
import { keyOfTombstone, sealedFolder } from '../tables/object-key.ts';

/**
 * Puts the tombstone of each day that was pruned as a whole into the lake, beside its manifests, with the proof that the
 * ledger has it. Without it, somebody who has the lake alone could not tell such a day from one whose objects were lost.
 * What is there already stays, so that an interrupted run is ended by the next one.
 */
export async function putTombstones(deps: SealDeps): Promise<void> {
  const { sqlite, store } = deps;
  const archive = readArchiveNumber(sqlite);
  const pruned = readAllSealedDays(sqlite).flatMap(({ day, generation, prunedSeq }) =>
    prunedSeq === null ? [] : [{ day, key: keyOfTombstone(archive, day, generation), prunedSeq }],
  );
  if (pruned.length === 0) return;
  const there = new Set<string>();
  for await (const { key } of store.list(sealedFolder(archive))) there.add(key);
  for (const { day, key, prunedSeq } of pruned) {
    if (there.has(key)) continue;
    const folder = await mkdtemp(join(deps.folder, 'proving-'));
    try {
      await store.put({ key, ...(await writeManifestFile(folder, proveEntry(sqlite, prunedSeq))), replaces: [] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    deps.onStep?.({ step: 'proved', day });
  }
}
