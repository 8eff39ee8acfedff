import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readApplicationId } from '../../../db/read-application-id.ts';
import { APPLICATION_IDS } from '../../../lib/files/application-ids.ts';
import { OWN_FILES, ownFileOf } from '../../../lib/files/own-files.ts';

/** The end of the name of a backup that is not finished yet. */
const UNFINISHED = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/**
 * The paths of the other archives in an archive's folder, including copies of it. A link to an archive counts as an
 * archive, with its own name.
 */
export function archivesBeside(archive: string): string[] {
  const folder = dirname(archive);
  return namesIn(folder)
    .filter((name) => name !== basename(archive) && !UNFINISHED.test(name))
    .map((name) => join(folder, name))
    .filter((path) => readApplicationId(path) === APPLICATION_IDS.archive);
}

/**
 * Whether another archive of the folder may use the files that all archives of a folder once shared. An archive that
 * has its own ledger key does not use them: it always had its own, like the demo's archive, or it has already taken
 * over the shared files.
 */
export function hasSharers(archive: string): boolean {
  return archivesBeside(archive).some((path) => !hasOwnKey(path));
}

function hasOwnKey(archive: string): boolean {
  // In earlier versions, the demo's key had the name `demo.db-ledger.key`.
  return [ownFileOf(archive, OWN_FILES.ledgerKey), `${archive}-${OWN_FILES.ledgerKey}`].some(existsSync);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
