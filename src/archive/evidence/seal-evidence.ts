import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import { signNote } from '../../ledger/notes/signed-note.ts';
import { sha256 } from '../../lib/sha256.ts';
import { type EvidenceSummary, FILES, SEAL_HEADER } from './evidence.ts';

/**
 * Writes the manifest, the SHA-256 of every file in the form that `sha256sum` reads, and a note with which the
 * archive's key signs these sums. Returns the names of all files, with the file of the sums and the note last.
 */
export async function sealEvidence(folder: string, summary: EvidenceSummary, signer: NoteSigner): Promise<string[]> {
  const names = filesIn(folder);
  const sums = new Map<string, string>();
  for (const name of names) sums.set(name, await sha256OfFile(join(folder, name)));
  const files = names.map((name) => ({ name, bytes: statSync(join(folder, name)).size, sha256: sums.get(name) }));
  writeFileSync(join(folder, FILES.manifest), `${JSON.stringify({ ...summary, files }, null, 2)}\n`);
  sums.set(FILES.manifest, await sha256OfFile(join(folder, FILES.manifest)));
  const list = [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join('');
  writeFileSync(join(folder, FILES.sums), list);
  writeFileSync(join(folder, FILES.seal), signNote(sealText(list), signer));
  return [...sums.keys(), FILES.sums, FILES.seal];
}

/** The text that is signed to seal a pack. */
export function sealText(sums: string): string {
  return `${SEAL_HEADER}\n${sha256(sums).toString('hex')}\n`;
}

function filesIn(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(folder, `${under}${entry.name}/`) : [under + entry.name]));
}

async function sha256OfFile(path: string): Promise<string> {
  // A pack may have thousands of small files. Reading a small file whole is quicker than through a stream.
  if (statSync(path).size < 65_536) return createHash('sha256').update(readFileSync(path)).digest('hex');
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
