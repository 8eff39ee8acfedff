import type { FileIdentity } from '../../lib/files/identify-file.ts';

export interface FileMove {
  /** The path of the file that was replaced or is gone, and its old and new `device:inode`. */
  file: string;
  open: string | undefined;
  found: string | null;
  /** A sentence for anybody: it names no path. */
  reason: string;
  /** The same for the log, with both files. */
  line: string;
}

const PARTS = ['main', 'wal', 'shm'] as const;
const NOTHING_WRITTEN = 'Nothing more is written, and no pass begins.';
const REMEDIES = {
  main: 'Put the file back at its path, with its -wal and -shm, while this process runs: a file that was deleted is lost at its end.',
  beside: 'Stop the server, which writes what was in the file into the archive as it ends, and start it again.',
};

/** How the files at an archive's path differ from the open ones, or that this is not known. */
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
      reason: `${what} has another device or inode than when it was opened, and whether it is the same could not be found out yet. Until then nothing is written.`,
      line: `${file} has another device and inode (${is}) than when it was opened (${was}), and whether it is the same could not be found out yet. Until then nothing is written.`,
    };
  return {
    ...{ file, open: was, found: is ?? null },
    reason: `${what} is not the file that was opened: ${now} is at its path. ${NOTHING_WRITTEN} The log names both files.`,
    line: `${file} is not the file that was opened, device and inode ${was}: ${now}${is ? `, ${is},` : ''} is at its path. ${NOTHING_WRITTEN} ${remedy}`,
  };
}
