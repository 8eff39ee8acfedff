import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';

/** Makes a file that the disk keeps, of the owner of another, and of its mode where somebody may have widened that. */
export function writeAs(path: string, content: string, like: string, { keepsMode }: { keepsMode: boolean }): void {
  writeFileSync(path, content, { flag: 'wx', flush: true });
  // The umask has taken from it what no new file gets.
  if (keepsMode) chmodSync(path, statSync(like).mode & 0o777);
  giveToOwner(path, like);
}

/** What root makes on behalf of a service, as by a command that signs, the service must be able to read and to replace. */
export function giveToOwner(path: string, like: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(like, { throwIfNoEntry: false }) ?? {};
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
