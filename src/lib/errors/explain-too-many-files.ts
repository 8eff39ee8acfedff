import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isTooManyFiles, tooManyFiles } from './too-many-files.ts';

/**
 * When SQLite reports an error, it has closed its files again. So we find out whether files are left by opening this
 * many: more than SQLite opens at once for a database.
 */
const PROBES = 8;
/** What SQLite and a name resolver report for a file that they can't open, for any reason. */
const UNCLEAR = /^(SQLITE_(CANTOPEN|IOERR)\w*|EAI_AGAIN|ENOTFOUND)$/;

/** The same as text, since errors of a backup have no code. */
const CANNOT_OPEN = 'unable to open database file';

/** Returns what to do if too many open files caused the error; undefined for any other cause. */
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
