import { basename, dirname, join } from 'node:path';
import { ownFileOf } from '../../lib/files/own-files.ts';

/** Whose record it is: the file of the key, and the files that an archive has beside it. */
export interface RecordOwner {
  keyPath: string;
  /** Its folder is where the record is where that of the key can't be written. Without it there is no such place. */
  authDb?: string | undefined;
  /** The archive itself, whose name the record in that folder has. Without it, it is read off the name of `authDb`. */
  db?: string | undefined;
}

/** What the name of a record ends with, in the folder of `authDb`. */
const ENDING = 'ledger.signed';

/** Where the record may be, the better place first: beside the key, or beside auth.db. Both are read wherever there is one. */
export function recordPlaces({ keyPath, authDb, db }: RecordOwner): string[] {
  const besideKey = `${keyPath.replace(/\.key$/, '')}.signed`;
  if (authDb === undefined) return [besideKey];
  const named = db === undefined ? nameByAuthDb(basename(authDb)) : basename(ownFileOf(db, ENDING));
  return [...new Set([besideKey, join(dirname(authDb), named)])];
}

/** `archive-auth.db` is beside `archive-ledger.signed`; a name of somebody's own is kept whole. */
function nameByAuthDb(name: string): string {
  const [, stem] = /^(.+[-.])auth\.db$/.exec(name) ?? [];
  return stem === undefined ? `${name.replace(/\.db$/, '')}-${ENDING}` : `${stem}${ENDING}`;
}
