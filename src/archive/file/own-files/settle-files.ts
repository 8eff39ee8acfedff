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
 * Where the files of an archive are. They stay there until `release`. By then the caller has opened the archive itself.
 */
export interface FoundFiles {
  paths: ReadonlyMap<OwnFile, string>;
  release(): void;
}

/** In all: long enough for a command that is about to end. A server keeps the files open for days. */
const WAIT_MS = 2000;
const LEAST_WAIT_MS = 100;

/**
 * For readers: where the files are now, by their own or their former names. Nothing is held, since holding a file means
 * opening it for writing. If another process renames a file meanwhile, it is not found.
 */
export function findFiles(archive: string, places: readonly FilePlace[]): FoundFiles {
  return { paths: pathsOf(archive, places), release() {} };
}

/** The same for writers to the archive: the files keep their names until `release`. */
export function holdFiles(archive: string, places: readonly FilePlace[]): FoundFiles {
  const hasFormer = places.some(({ former }) => existsSync(former));
  // If there are no former files, no other process can rename one.
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
 * Gives an archive its own files, instead of the files that all archives of a folder once shared. A file is renamed if
 * the archive is the only one there, and copied once if there are others; a sentence to `say` tells which. A file that
 * can't be renamed now, because it is in use or the folder is read-only, is used by its former name, and the next start
 * tries again. Several processes may do this at once, and each may be killed at any point.
 */
export async function settleFiles(
  archive: string,
  places: readonly FilePlace[],
  say: (sentence: string) => void,
): Promise<FoundFiles> {
  // A file that is not an archive is refused when it is opened, and gets no files.
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
    // A file that can't be examined is refused, with the reason, when it is opened.
    return false;
  }
}

interface SettleDeps {
  archive: string;
  /** How long to wait for others to close the files. */
  waitMs(): number;
  say(sentence: string): void;
}

async function settle({ archive, waitMs, say }: SettleDeps, place: FilePlace): Promise<void> {
  const { file, own, former } = place;
  const { step } = chooseFile(archive, place);
  try {
    if (step === 'rename' && rename(archive, place, waitMs())) {
      await syncFolder(dirname(own));
      say(`Renamed ${former} to ${own}: each archive has files of its own now.`);
    }
    if (step === 'copy' && copy(place)) {
      await syncFolder(dirname(own));
      say(
        `Copied ${former} to ${own}, which this archive uses from now on: there are several archives in ${dirname(archive)}. What changes in the one does not change in the other. Delete ${former} once no archive needs it.`,
      );
    }
    if (file !== 'ledgerKey' && existsSync(own) && existsSync(former) && !wasTakenOver(archive, file))
      await noteTakenOver(archive, file);
  } catch (error) {
    // Another start has renamed it in between.
    if (existsSync(own) && !existsSync(former)) return;
    say(`${former} keeps its name for now, ${why(error)}. The next start tries again to make ${own} of it.`);
  }
}

function rename(archive: string, place: FilePlace, waitMs: number): boolean {
  const { own: to, former: from } = place;
  if (isDatabase(place)) return moveDatabase({ from, to, waitMs });
  // A server of an earlier version would look for the key by its former name, and make another one if it is gone.
  return whileAlone(archive, waitMs, () => {
    if (!existsSync(from) || existsSync(to)) return false;
    if (place.file === 'ledgerKey') renameRecord(from, to);
    renameSync(from, to);
    return true;
  });
}

/**
 * The record of what the key signed moves with it. It moves first, so that the key never has its own name without the
 * record.
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
    ? 'since another process has the archive open'
    : `since it can't be done: ${systemFault(error) ?? code}`;
}
