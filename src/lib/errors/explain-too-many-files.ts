import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isTooManyFiles, tooManyFiles } from './too-many-files.ts';

/**
 * When SQLite reports an error, it has already closed its files. So we try whether this many files can be opened: more
 * than SQLite opens for a database.
 */
const PROBES = 8;
/** The codes of SQLite and of a name resolver for a file that they can't open, whatever the reason. */
const UNCLEAR = /^(SQLITE_(CANTOPEN|IOERR)\w*|EAI_AGAIN|ENOTFOUND)$/;

/** SQLite's message for the same error: errors of a backup have no code. */
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
