import { basename, dirname, join } from 'node:path';
import { ownFileOf } from '../../lib/files/own-files.ts';

/** The paths that decide where the record of a key is stored. */
export interface RecordOwner {
  keyPath: string;
  /**
   * The folder of this file is the second place for the record, if the key's folder can't be written. Without this file
   * there is no second place.
   */
  authDb?: string | undefined;
  /**
   * The archive's path. The record in the folder of `authDb` gets a name like the archive's. Without `db`, the name is
   * made from `authDb`.
   */
  db?: string | undefined;
}

/** The end of a record's name in the folder of `authDb`. */
const ENDING = 'ledger.signed';

/**
 * Returns the possible paths of the record, the preferred one first: beside the key, and beside auth.db. Readers look
 * at both.
 */
export function recordPlaces({ keyPath, authDb, db }: RecordOwner): string[] {
  const besideKey = `${keyPath.replace(/\.key$/, '')}.signed`;
  if (authDb === undefined) return [besideKey];
  const named = db === undefined ? nameByAuthDb(basename(authDb)) : basename(ownFileOf(db, ENDING));
  return [...new Set([besideKey, join(dirname(authDb), named)])];
}

/** Returns `archive-ledger.signed` for `archive-auth.db`. For any other name, the ending is added to the whole name. */
function nameByAuthDb(name: string): string {
  const [, stem] = /^(.+[-.])auth\.db$/.exec(name) ?? [];
  return stem === undefined ? `${name.replace(/\.db$/, '')}-${ENDING}` : `${stem}${ENDING}`;
}
