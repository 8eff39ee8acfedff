import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';

/**
 * Makes a file and flushes it to the disk. It gets the owner of another file, and also that file's mode if `keepsMode`
 * is set, since somebody may have widened it.
 */
export function writeAs(path: string, content: string, like: string, { keepsMode }: { keepsMode: boolean }): void {
  writeFileSync(path, content, { flag: 'wx', flush: true });
  // The umask has already removed the bits that no new file gets.
  if (keepsMode) chmodSync(path, statSync(like).mode & 0o777);
  giveToOwner(path, like);
}

/**
 * Gives a file to the owner of another one, if this is root. A file that root makes for a service, as when it runs a
 * command that signs, must be readable and replaceable for the service.
 */
export function giveToOwner(path: string, like: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(like, { throwIfNoEntry: false }) ?? {};
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
