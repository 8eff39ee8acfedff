import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFile } from '../../lib/files/sync-file.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';

/** An entry of a ledger, with the proof that it is there. The object of a day's tombstone is exactly that. */
export const ProvedEntry = z.object({
  /** The entry of the ledger, exactly as its leaf has it. */
  entry: z.string(),
  /** That the leaf is in the tree of this size. Hashes are in hex. */
  proof: z.object({
    leaf: z.int().nonnegative(),
    size: z.int().positive(),
    root: z.string(),
    hashes: z.array(z.string()),
  }),
  /** The signed note over this root; null if there is none. */
  checkpoint: z.string().nullable().optional(),
});

export type ProvedEntry = z.output<typeof ProvedEntry>;

/** The object of a day's manifest. The proof is added when the day is in the ledger. */
export const ManifestFile = ProvedEntry.partial().extend({
  /** The manifest's canonical JSON: the SHA-256 of it is in the entry. */
  manifest: z.string(),
});

export type ManifestFile = z.output<typeof ManifestFile>;

/** Writes the file of a manifest or of a tombstone into a folder, and returns its path and its SHA-256 in hex. */
export async function writeManifestFile(
  folder: string,
  content: ManifestFile | ProvedEntry,
): Promise<{ path: string; sha256: string }> {
  const path = join(folder, 'manifest.json');
  const text = `${canonicalJson(content)}\n`;
  await writeFile(path, text);
  await syncFile(path);
  return { path, sha256: sha256(text).toString('hex') };
}
