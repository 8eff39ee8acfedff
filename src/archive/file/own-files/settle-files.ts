import { existsSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readApplicationId } from '../../../db/read-application-id.ts';
import { recordPlaces } from '../../../ledger/signing-record/record-places.ts';
import { systemFault } from '../../../lib/errors/path-fault.ts';
import { APPLICATION_IDS } from '../../../lib/files/application-ids.ts';
import type { OwnFile } from '../../../lib/files/own-files.ts';
import { syncFolder } from '../../../lib/files/sync-folder.ts';
import { chooseFile, type FilePlace } from './choose-file.ts';
import { copyDatabase, copyText } from './copy-file.ts';
import { type Hold, holdOpen, whileAlone } from './hold-open.ts';
import { moveDatabase } from './move-database.ts';
import { noteTakenOver, wasTakenOver } from './taken-over.ts';

/**
 * The paths of an archive's files. The files keep these paths until `release`, which the caller calls after it has
 * opened the archive.
 */
export interface FoundFiles {
  paths: ReadonlyMap<OwnFile, string>;
  release(): void;
}

/**
 * How long to wait for all files together: long enough for a command to end, but not for a server, which keeps the
 * files open for days.
 */
const WAIT_MS = 2000;
const LEAST_WAIT_MS = 100;

/**
 * For readers: finds the files under their own or their former names. Does not hold them, because that would mean
 * opening them for writing. So another process may still rename a file, and then it is not found.
 */
export function findFiles(archive: string, places: readonly FilePlace[]): FoundFiles {
  return { paths: pathsOf(archive, places), release() {} };
}

/** For writers: finds the files, and holds them so that they keep their names until `release`. */
export function holdFiles(archive: string, places: readonly FilePlace[]): FoundFiles {
  const hasFormer = places.some(({ former }) => existsSync(former));
  // If no file has its former name, no other process can rename one.
  const held = hasFormer ? [archive, ...places.filter(isDatabase).map(({ former }) => former)].map(holdOpen) : [];
  const holds = held.filter((hold): hold is Hold => hold !== undefined);
  return {
    paths: pathsOf(archive, places),
    release() {
      for (const hold of holds.splice(0)) hold.close();
    },
  };
}

/**
 * Gives an archive its own files, instead of the files that all archives of a folder once shared. Renames a file if the
 * archive is the only one in the folder, and copies it once if there are others. Reports each renaming and each copy
 * with `say`. If a file can't be renamed now, because it is in use or the folder is read-only, it is used under its
 * former name, and the next start tries again. Several processes may do this at once, and each may be killed at any
 * point.
 */
export async function settleFiles(
  archive: string,
  places: readonly FilePlace[],
  say: (sentence: string) => void,
): Promise<FoundFiles> {
  // A file that is not an archive gets no files of its own. Opening it will be refused.
  if (mayBecomeArchive(archive)) {
    const end = performance.now() + WAIT_MS;
    const waitMs = () => Math.max(LEAST_WAIT_MS, Math.round(end - performance.now()));
    for (const place of places) await settle({ archive, waitMs, say }, place);
  }
  return holdFiles(archive, places);
}

function pathsOf(archive: string, places: readonly FilePlace[]): FoundFiles['paths'] {
  return new Map(places.map((place) => [place.file, chooseFile(archive, place).path]));
}

function mayBecomeArchive(path: string): boolean {
  try {
    const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    return size === 0 || readApplicationId(path) === APPLICATION_IDS.archive;
  } catch {
    // Opening a file that can't be examined will be refused, with the reason.
    return false;
  }
}

interface SettleDeps {
  archive: string;
  /** How long to wait until other processes have closed the files. */
  waitMs(): number;
  say(sentence: string): void;
}

async function settle({ archive, waitMs, say }: SettleDeps, place: FilePlace): Promise<void> {
  const { file, own, former } = place;
  const { step } = chooseFile(archive, place);
  try {
    if (step === 'rename' && rename(archive, place, waitMs())) {
      await syncFolder(dirname(own));
      say(`Renamed ${former} to ${own}: each archive has its own files now.`);
    }
    if (step === 'copy' && copy(place)) {
      await syncFolder(dirname(own));
      say(
        `Copied ${former} to ${own}, which this archive uses from now on: there are several archives in ${dirname(archive)}. A change in one file does not change the other. Delete ${former} once no archive needs it.`,
      );
    }
    if (file !== 'ledgerKey' && existsSync(own) && existsSync(former) && !wasTakenOver(archive, file))
      await noteTakenOver(archive, file);
  } catch (error) {
    // Another process has renamed the file in the meantime.
    if (existsSync(own) && !existsSync(former)) return;
    say(`${former} keeps its name for now, ${why(error)}. The next start tries again to rename or copy it to ${own}.`);
  }
}

function rename(archive: string, place: FilePlace, waitMs: number): boolean {
  const { own: to, former: from } = place;
  if (isDatabase(place)) return moveDatabase({ from, to, waitMs });
  // No server may have the archive open: a server of an earlier version would look for the key under its former name,
  // and make another key if there is none.
  return whileAlone(archive, waitMs, () => {
    if (!existsSync(from) || existsSync(to)) return false;
    if (place.file === 'ledgerKey') renameRecord(from, to);
    renameSync(from, to);
    return true;
  });
}

/**
 * The record of what the key signed gets its new name before the key does, so that the key never has its new name
 * without the record.
 */
function renameRecord(keyBefore: string, key: string): void {
  const [from = ''] = recordPlaces({ keyPath: keyBefore });
  const [to = ''] = recordPlaces({ keyPath: key });
  if (existsSync(from) && !existsSync(to)) renameSync(from, to);
}

function copy(place: FilePlace): boolean {
  return isDatabase(place) ? copyDatabase(place.former, place.own) : copyText(place.former, place.own);
}

function isDatabase({ file }: FilePlace): boolean {
  return file === 'authDb' || file === 'accessDb';
}

function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'SQLITE_BUSY'
    ? 'because another process has the archive open'
    : `because of an error: ${systemFault(error) ?? code}`;
}
