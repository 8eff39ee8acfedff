import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isTooManyFiles, tooManyFiles } from './too-many-files.ts';

/** More than SQLite has open at a time when it opens a database: by then it has closed them again. */
const PROBES = 8;
/** What SQLite and a resolver of names say of a file that they can't open, for whatever reason. */
const UNCLEAR = /^(SQLITE_(CANTOPEN|IOERR)\w*|EAI_AGAIN|ENOTFOUND)$/;

/** The same in words alone: errors of a backup have no code. */
const CANNOT_OPEN = 'unable to open database file';

/** What to do where an error comes of too many open files; undefined for any other. */
export function explainTooManyFiles(error: unknown): string | undefined {
  const isIt = isTooManyFiles(error) || (isUnclear(error) && !canOpen());
  return isIt ? tooManyFiles() : undefined;
}

function isUnclear(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (('code' in at && UNCLEAR.test(String(at.code))) || at.message === CANNOT_OPEN) return true;
  return false;
}

function canOpen(): boolean {
  const opened: number[] = [];
  try {
    for (let n = 0; n < PROBES; n++) opened.push(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    return !isTooManyFiles(error);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
