import { findPlace } from '../../archive/file/ensure-archive.ts';
import type { FilePlace } from '../../archive/file/own-files/choose-file.ts';
import { type FoundFiles, findFiles, holdFiles, settleFiles } from '../../archive/file/own-files/settle-files.ts';
import type { Config } from '../../config/config.ts';
import type { ReadConfig } from '../../config/read-config.ts';
import type { OwnFile } from '../../lib/files/own-files.ts';

export const ALL_OWN_FILES: readonly OwnFile[] = ['authDb', 'accessDb', 'ledgerKey', 'reportsFile'];

/** The configuration with the files' present paths. Nobody renames the files until `release`. */
export interface Located {
  config: Config;
  release(): void;
}

/** For commands that only read these files: finds each file, even if it still has its former name. */
export function findOwnFiles(read: ReadConfig, files: readonly OwnFile[]): Located {
  return located(read.config, findFiles(read.config.db, placesOf(read, files)));
}

/**
 * For commands that write to the archive and only read these files: finds the files. Nobody renames them until
 * `release`.
 */
export function holdOwnFiles(read: ReadConfig, files: readonly OwnFile[]): Located {
  return located(read.config, holdFiles(read.config.db, placesOf(read, files)));
}

/**
 * For commands that write to these files: if the archive still shares files with other archives of its folder, it gets
 * its own files first.
 */
export async function settleOwnFiles(
  read: ReadConfig,
  files: readonly OwnFile[],
  say: (sentence: string) => void,
): Promise<Located> {
  return located(read.config, await settleFiles(read.config.db, placesOf(read, files), say));
}

/**
 * Returns whether the archive exists. Throws UserFault if it does not exist and the files beside its path show that it
 * must not be made. Changes nothing.
 */
export function findPlaceOf(read: ReadConfig): 'archive' | 'nothing' {
  const { config, release } = findOwnFiles(read, ['ledgerKey', 'authDb']);
  try {
    return findPlace(config);
  } finally {
    release();
  }
}

function located(config: Config, { paths, release }: FoundFiles): Located {
  return { config: { ...config, ...Object.fromEntries(paths) }, release };
}

/** Leaves out files that a setting names: these keep their paths. */
function placesOf({ config, former }: ReadConfig, files: readonly OwnFile[]): FilePlace[] {
  return files.flatMap((file) => {
    const before = former[file];
    return before === undefined ? [] : [{ file, own: config[file], former: before }];
  });
}
