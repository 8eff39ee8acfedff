import type { FilePlace } from '../../../../src/archive/file/own-files/choose-file.ts';
import { formerFileOf, OWN_FILES, ownFileOf } from '../../../../src/lib/files/own-files.ts';

const FILES = ['authDb', 'accessDb', 'ledgerKey', 'reportsFile'] as const;

/** The paths of all files of an archive if no setting names a path. */
export function placesIn(archive: string): FilePlace[] {
  return FILES.map((file) => ({
    ...{ file, own: ownFileOf(archive, OWN_FILES[file]), former: formerFileOf(archive, file) },
  }));
}
