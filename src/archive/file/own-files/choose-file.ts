import { existsSync } from 'node:fs';
import { readApplicationId } from '../../../db/read-application-id.ts';
import { readVerifierKey } from '../../../ledger/notes/open-signer.ts';
import { APPLICATION_IDS } from '../../../lib/files/application-ids.ts';
import type { OwnFile } from '../../../lib/files/own-files.ts';
import { hasSharers } from './archives-beside.ts';
import { isSignedLastBy } from './is-signed-last-by.ts';
import { wasTakenOver } from './taken-over.ts';

/** A file of an archive: its own path, and the former path from when all archives of a folder shared one file. */
export interface FilePlace {
  file: OwnFile;
  own: string;
  former: string;
}

/** Where a file is now, and the step that makes it the archive's own. */
export interface Choice {
  path: string;
  step: 'none' | 'rename' | 'copy';
}

/** Chooses the file by what is in the folder, and changes nothing. */
export function chooseFile(archive: string, place: FilePlace): Choice {
  const { own, former } = place;
  if (!isThere(place)) return { path: own, step: 'none' };
  if (place.file === 'ledgerKey') return chooseKey(archive, place);
  if (existsSync(own) || wasTakenOver(archive, place.file)) return { path: own, step: 'none' };
  return { path: former, step: hasSharers(archive) ? 'copy' : 'rename' };
}

/**
 * A key is never copied: if two archives signed with one key, their checkpoints would look like a fork of one ledger.
 */
function chooseKey(archive: string, { own, former }: FilePlace): Choice {
  if (existsSync(own)) {
    // The former key signed last if an earlier version was started again: it made another key and signed with it.
    const isForked = hasSigned(archive, former) === true && hasSigned(archive, own) === false;
    return { path: isForked ? former : own, step: 'none' };
  }
  if (!hasSharers(archive)) return { path: former, step: 'rename' };
  // If it is unknown whether the key signed, opening the archive or the key will fail and say why.
  return { path: hasSigned(archive, former) === false ? own : former, step: 'none' };
}

/** Whether the key in this file signed the archive's newest checkpoint; undefined if that can't be found out. */
function hasSigned(archive: string, keyPath: string): boolean | undefined {
  try {
    const key = readVerifierKey(keyPath);
    return key !== undefined && isSignedLastBy(archive, key);
  } catch {
    return undefined;
  }
}

/** Whether there is a file with the former name, and no other program made it. */
function isThere({ file, former }: FilePlace): boolean {
  if (!existsSync(former)) return false;
  if (file !== 'authDb' && file !== 'accessDb') return true;
  // A file that is not a database is damaged, and opening it will say so. Without this file, the server would be open
  // to everybody.
  const id = readApplicationId(former);
  return id === undefined || id === APPLICATION_IDS[file];
}
