import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SealedEntry, SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../ledger/tree/root-of-inclusion.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { ManifestFile } from '../seal/manifest-file.ts';
import { fetchText } from '../store/fetch-text.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { keyOfManifest } from '../tables/object-key.ts';

const Content = z.object({
  archive: z.int(),
  day: z.string(),
  generation: z.int(),
  treeSize: z.int(),
  objects: z.array(SealedObject),
});

/** Compares the manifest of a day with the entry of the ledger, and its proof with the tree. Returns what is wrong. */
export async function checkManifest(
  { sqlite, store }: { sqlite: Database; store: ObjectStore },
  { day, generation, treeSize, objects, entrySeq }: SealedDay,
): Promise<string[]> {
  const archive = readArchiveNumber(sqlite);
  const key = keyOfManifest(archive, day, generation);
  const text = await fetchText(store, key);
  if (text === undefined) return [`the lake lacks its manifest ${key}`];
  const file = parsed(ManifestFile, text);
  if (!file) return [`its manifest ${key} does not have the form of one`];
  const entryJson = sqlite
    .prepare<[number], string>('SELECT entry_json FROM main.ledger_entries WHERE seq = ?')
    .pluck()
    .get(entrySeq);
  const entry = parsed(SealedEntry, entryJson ?? '');
  // The file's own verification reports this too.
  if (!entry) return ['the ledger has no entry of it'];
  if (sha256(file.manifest).toString('hex') !== entry.manifest)
    return [`its manifest ${key} is not the one that the ledger names`];
  const content = parsed(Content, file.manifest);
  const expected = canonicalJson({ archive, day, generation, treeSize, objects });
  if (!content || canonicalJson(content) !== expected) return [`its manifest ${key} is about other objects`];
  if (!file.proof) return isBeingSealed(sqlite, day) ? [] : [`its manifest ${key} has no proof`];
  if (file.entry !== entryJson) return [`its manifest ${key} has another entry than the ledger`];
  return isProved(sqlite, file.proof, entryJson ?? '')
    ? []
    : [`the proof in its manifest ${key} does not lead to the tree`];
}

function isProved(
  sqlite: Database,
  { leaf, size, root, hashes }: NonNullable<ManifestFile['proof']>,
  entry: string,
): boolean {
  try {
    const proved = rootOfInclusion(
      hashLeaf(entry),
      leaf,
      size,
      hashes.map((hash) => Buffer.from(hash, 'hex')),
    ).toString('hex');
    return proved === root && treeRoot(tileStore(sqlite).read, size).toString('hex') === root;
  } catch {
    return false;
  }
}

/** The proof comes after the entry, and the intent stays until then. */
function isBeingSealed(sqlite: Database, day: string): boolean {
  return sqlite.prepare('SELECT 1 FROM main.seal_intents WHERE day = ?').get(day) !== undefined;
}

function parsed<T>(form: z.ZodType<T>, json: string): T | undefined {
  try {
    return form.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
