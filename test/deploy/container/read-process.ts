import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The command of a process and its arguments. Empty if the process has ended. */
export function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/**
 * Files that a process has open for writing, by the paths that the process itself sees. These paths lack the mount
 * point of the process's root.
 */
export function filesOpenForWriting(pid: number): string[] {
  const root = readlinkSync(`/proc/${pid}/root`);
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      const path = readlinkSync(join(folder, fd));
      const [, flags = '0'] = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')) ?? [];
      return path.startsWith('/') && (Number.parseInt(flags, 8) & 3) !== 0 ? [path.replace(root, '')] : [];
    } catch {
      // The file was closed in the meantime.
      return [];
    }
  });
}
