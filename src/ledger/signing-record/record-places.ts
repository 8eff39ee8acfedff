import { basename, dirname, join } from 'node:path';
import { ownFileOf } from '../../lib/files/own-files.ts';

/** The owner of a record: the key's file, and the files beside the archive. */
export interface RecordOwner {
  keyPath: string;
  /**
   * The folder of this file is the second place for the record, if the key's folder can't be written. Without this file
   * there is no second place.
   */
  authDb?: string | undefined;
  /** The archive, whose name the record in that folder gets. Without it, the name is taken from `authDb`. */
  db?: string | undefined;
}

/** How the name of a record ends, in the folder of `authDb`. */
const ENDING = 'ledger.signed';

/**
 * Returns the places for the record, the better one first: beside the key, and beside auth.db. Readers look at both.
 */
export function recordPlaces({ keyPath, authDb, db }: RecordOwner): string[] {
  const besideKey = `${keyPath.replace(/\.key$/, '')}.signed`;
  if (authDb === undefined) return [besideKey];
  const named = db === undefined ? nameByAuthDb(basename(authDb)) : basename(ownFileOf(db, ENDING));
  return [...new Set([besideKey, join(dirname(authDb), named)])];
}

/** Returns `archive-ledger.signed` for `archive-auth.db`. Any other name is kept whole before the ending. */
function nameByAuthDb(name: string): string {
  const [, stem] = /^(.+[-.])auth\.db$/.exec(name) ?? [];
  return stem === undefined ? `${name.replace(/\.db$/, '')}-${ENDING}` : `${stem}${ENDING}`;
}
