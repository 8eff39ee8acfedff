import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';

/**
 * Makes a file and flushes it to the disk. It gets the owner of another file, and also that file's mode if `keepsMode`
 * is set, because an administrator may have given more users access to that file.
 */
export function writeAs(path: string, content: string, like: string, { keepsMode }: { keepsMode: boolean }): void {
  writeFileSync(path, content, { flag: 'wx', flush: true });
  // writeFileSync applies the umask, so the mode is set here.
  if (keepsMode) chmodSync(path, statSync(like).mode & 0o777);
  giveToOwner(path, like);
}

/**
 * Gives a file to the owner of another one, if this process runs as root. If root runs a command that signs, the
 * service must be able to read and replace the new files.
 */
export function giveToOwner(path: string, like: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(like, { throwIfNoEntry: false }) ?? {};
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
