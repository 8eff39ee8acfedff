import { basename, dirname, join } from 'node:path';

/** The files of an archive that lie beside it: what their names end with, by the setting that can name another place. */
export const OWN_FILES = {
  authDb: 'auth.db',
  accessDb: 'access.db',
  ledgerKey: 'ledger.key',
  reportsFile: 'reports.yaml',
} as const;

/** What the name of the file ends with that says which of them an archive has as copies of those that it shared with others once. */
export const TAKEN_OVER = 'taken-over.json';

/** What the names of the record of what the key has signed end with, and of its lock. */
export const SIGNING_RECORD = ['ledger.signed', 'ledger.signed.lock'] as const;

export type OwnFile = keyof typeof OWN_FILES;

/**
 * A file of an archive's own: `data/archive-auth.db` of `data/archive.db`. A name that does not end in `.db` is kept whole, and a dot
 * comes behind it: no two archives of a folder have one file.
 */
export function ownFileOf(archive: string, ending: string): string {
  const name = basename(archive);
  const [, stem] = /^(.+)\.db$/.exec(name) ?? [];
  return join(dirname(archive), stem === undefined ? `${name}.${ending}` : `${stem}-${ending}`);
}

/** The same file as it was called when all archives of a folder shared it: `data/auth.db`. */
export function formerFileOf(archive: string, file: OwnFile): string {
  return join(dirname(archive), OWN_FILES[file]);
}
