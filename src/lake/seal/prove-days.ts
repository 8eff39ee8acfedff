import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { newestCheckpoint } from '../../archive/checkpoints/make-checkpoint.ts';
import { proveLeaf } from '../../archive/checkpoints/prove-leaf.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { parseJsonBytes } from '../../lib/json/parse-json-bytes.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { ManifestFile, type ProvedEntry, writeManifestFile } from './manifest-file.ts';
import type { SealDeps } from './seal-deps.ts';
import { deleteIntent, listIntents } from './seal-intents.ts';

/**
 * Adds the proof to the manifest of each day that was sealed and has none yet: the entry of the ledger, and that it is
 * in the tree of the newest checkpoint. The intent of a seal stays until that is done, so that a proof which could not
 * be put into the lake is put there by the next run.
 */
export async function proveDays(deps: SealDeps): Promise<void> {
  for (const { day, generation, objects } of listIntents(deps.sqlite)) {
    if ((readSealedDay(deps.sqlite, day)?.generation ?? 0) < generation) continue;
    const key = keyOfManifest(readArchiveNumber(deps.sqlite), day, generation);
    const folder = await mkdtemp(join(deps.folder, 'proving-'));
    try {
      await proveDay(deps, { day, key, folder, replaces: objects.filter((one) => one.key === key) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    deleteIntent(deps.sqlite, day);
    deps.onStep?.({ step: 'proved', day });
  }
}

async function proveDay(
  { sqlite, store }: SealDeps,
  { day, key, folder, replaces }: { day: string; key: string; folder: string; replaces: readonly { sha256: string }[] },
): Promise<void> {
  const path = join(folder, 'fetched.json');
  // Somebody has removed it. The rows are safe, and "ssm-archive doctor --lake" says what the lake lacks.
  if (!(await store.get(key, path))) return;
  const { manifest, proof } = ManifestFile.parse(parseJsonBytes(await readFile(path)));
  if (proof) return;
  const seq = readSealedDay(sqlite, day)?.entrySeq ?? 0;
  const file = await writeManifestFile(folder, { manifest, ...proveEntry(sqlite, seq) });
  await store.put({ key, ...file, replaces: replaces.map(({ sha256 }) => sha256) });
}

/** Returns an entry of the ledger, and that it is in the tree of the newest checkpoint. */
export function proveEntry(
  sqlite: Database,
  seq: number,
): Omit<ProvedEntry, 'checkpoint'> & { checkpoint: string | null } {
  const entry = prepareOnce<[number], string>(sqlite, 'SELECT entry_json FROM main.ledger_entries WHERE seq = ?')
    .pluck()
    .get(seq);
  if (entry === undefined) throw new Error(`The ledger has no entry with the seq ${seq}.`);
  const signed = newestCheckpoint(sqlite)?.size ?? 0;
  const size = signed >= seq ? signed : tileStore(sqlite).size();
  const { root, proof, checkpoint = null } = proveLeaf(sqlite, { leaf: seq - 1, size });
  return {
    entry,
    proof: { leaf: seq - 1, size, root: root.toString('hex'), hashes: proof.map((hash) => hash.toString('hex')) },
    checkpoint,
  };
}
