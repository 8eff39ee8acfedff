import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint } from '../../../../src/ledger/notes/checkpoint.ts';
import { parseNote } from '../../../../src/ledger/notes/signed-note.ts';
import type { BuiltArchive } from '../../../archive/verify/attacked-archive.ts';
import { tempFolder } from '../../../db/temp-archive.ts';

/** A folder with a backup, and the paths that the archive and its own files will have. */
export interface RestoreTrial {
  folder: string;
  data: string;
  backup: string;
  db: string;
  key: string;
  record: string;
}

/** Makes a folder with a backup of the archive, and the key that has signed it. */
export function trialOf(archive: BuiltArchive): RestoreTrial {
  const folder = tempFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  const backup = join(folder, 'backup.db');
  writeFileSync(backup, archive.bytes, { mode: 0o600 });
  const key = join(data, 'archive-ledger.key');
  copyFileSync(archive.keyPath, key);
  return { folder, data, backup, db: join(data, 'archive.db'), key, record: join(data, 'archive-ledger.signed') };
}

/** The size, root and name in a checkpoint. */
export function partsOf(note: string): { origin: string; size: number; root: Uint8Array } {
  return parseCheckpoint(parseNote(note).text);
}
