import type { FileIdentity } from '../../lib/files/identify-file.ts';

export interface FileMove {
  /** The path of the file that was replaced or is gone, and its old and new `device:inode`. */
  file: string;
  open: string | undefined;
  found: string | null;
  /** A sentence without paths, which everybody may see. */
  reason: string;
  /** A sentence for the log, with the path and the device and inode of both files. */
  line: string;
}

const PARTS = ['main', 'wal', 'shm'] as const;
const NOTHING_WRITTEN = 'Nothing more is written, and no pass begins.';
const REMEDIES = {
  main: 'Move the file back to its path, with its -wal and -shm, while this process still runs. If the file was deleted, it is lost when this process ends.',
  beside: 'Restart the server: as it stops, it writes the content of the open file into the archive.',
};

/**
 * Describes how the files at an archive's path differ from the open ones. `proof`: whether it is known that they are
 * other files.
 */
export function describeMove(
  path: string,
  open: FileIdentity,
  found: FileIdentity,
  proof: 'other' | 'unknown',
): FileMove {
  const part = found.isEmpty ? 'main' : (PARTS.find((name) => open[name] !== found[name]) ?? 'main');
  const file = part === 'main' ? path : `${path}-${part}`;
  const what = part === 'main' ? 'The archive' : `The archive's -${part} file`;
  const was = open[part];
  const is = found[part];
  const now = found.isEmpty ? 'an empty file' : is === undefined ? 'nothing' : 'another file';
  const remedy = part === 'main' ? REMEDIES.main : REMEDIES.beside;
  if (proof === 'unknown')
    return {
      ...{ file, open: was, found: is ?? null },
      reason: `${what} has another device or inode than when it was opened. It is not known yet whether it is the same file. Until that is known, nothing is written.`,
      line: `${file} has another device and inode (${is}) than when it was opened (${was}). It is not known yet whether it is the same file. Until that is known, nothing is written.`,
    };
  return {
    ...{ file, open: was, found: is ?? null },
    reason: `${what} is not the file that was opened: ${now} is at its path. ${NOTHING_WRITTEN} The log names both files.`,
    line: `${file} is not the file that was opened (device and inode ${was}): ${now}${is ? ` (${is})` : ''} is at its path. ${NOTHING_WRITTEN} ${remedy}`,
  };
}
