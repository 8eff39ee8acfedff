import { basename, dirname, join } from 'node:path';

/** The files beside an archive: the endings of their names, by the setting that can give the file another path. */
export const OWN_FILES = {
  authDb: 'auth.db',
  accessDb: 'access.db',
  ledgerKey: 'ledger.key',
  reportsFile: 'reports.yaml',
} as const;

/** The ending of the name of a file that lists which files an archive has copied from files that it shared before. */
export const TAKEN_OVER = 'taken-over.json';

/** The endings of two file names: the record of what the key has signed, and the record's lock. */
export const SIGNING_RECORD = ['ledger.signed', 'ledger.signed.lock'] as const;

export type OwnFile = keyof typeof OWN_FILES;

/**
 * Returns the path of an archive's own file: `data/archive-auth.db` for `data/archive.db`. If the archive's name does
 * not end in `.db`, the whole name and a dot come first. So two archives in a folder never share a file.
 */
export function ownFileOf(archive: string, ending: string): string {
  const name = basename(archive);
  const [, stem] = /^(.+)\.db$/.exec(name) ?? [];
  return join(dirname(archive), stem === undefined ? `${name}.${ending}` : `${stem}-${ending}`);
}

/**
 * Returns the path of the same file in earlier versions, in which all archives in a folder shared it: `data/auth.db`.
 */
export function formerFileOf(archive: string, file: OwnFile): string {
  return join(dirname(archive), OWN_FILES[file]);
}
