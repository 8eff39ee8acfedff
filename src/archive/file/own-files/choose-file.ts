import { existsSync } from 'node:fs';
import { readApplicationId } from '../../../db/read-application-id.ts';
import { readVerifierKey } from '../../../ledger/notes/open-signer.ts';
import { APPLICATION_IDS } from '../../../lib/files/application-ids.ts';
import type { OwnFile } from '../../../lib/files/own-files.ts';
import { hasSharers } from './archives-beside.ts';
import { isSignedLastBy } from './is-signed-last-by.ts';
import { wasTakenOver } from './taken-over.ts';

/** A file of an archive's own, and what it was called when all archives of its folder shared it. */
export interface FilePlace {
  file: OwnFile;
  own: string;
  former: string;
}

/** Where a file is to be found now, and what makes it the archive's own. */
export interface Choice {
  path: string;
  step: 'none' | 'rename' | 'copy';
}

/** Decides by what is in the folder, and changes nothing. */
export function chooseFile(archive: string, place: FilePlace): Choice {
  const { own, former } = place;
  if (!isThere(place)) return { path: own, step: 'none' };
  if (place.file === 'ledgerKey') return chooseKey(archive, place);
  if (existsSync(own) || wasTakenOver(archive, place.file)) return { path: own, step: 'none' };
  return { path: former, step: hasSharers(archive) ? 'copy' : 'rename' };
}

/** To a reader of their checkpoints, two archives that sign with one key are a fork of one ledger: a key is never copied. */
function chooseKey(archive: string, { own, former }: FilePlace): Choice {
  if (existsSync(own)) {
    // An earlier version that was started again has made another, and signed with it.
    const isForked = hasSigned(archive, former) === true && hasSigned(archive, own) === false;
    return { path: isForked ? former : own, step: 'none' };
  }
  if (!hasSharers(archive)) return { path: former, step: 'rename' };
  // Where it can't be found out, to open the one or the other says why.
  return { path: hasSigned(archive, former) === false ? own : former, step: 'none' };
}

/** Whether the key of this file signed the archive's newest checkpoint; undefined where that can't be found out. */
function hasSigned(archive: string, keyPath: string): boolean | undefined {
  try {
    const key = readVerifierKey(keyPath);
    return key !== undefined && isSignedLastBy(archive, key);
  } catch {
    return undefined;
  }
}

/** Whether there is a file by the former name that is not another program's. */
function isThere({ file, former }: FilePlace): boolean {
  if (!existsSync(former)) return false;
  if (file !== 'authDb' && file !== 'accessDb') return true;
  // What is no database is a damaged one: to open it says so. To go on without it would open the server to everybody.
  const id = readApplicationId(former);
  return id === undefined || id === APPLICATION_IDS[file];
}
