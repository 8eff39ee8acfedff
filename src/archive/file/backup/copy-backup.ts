import { existsSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserFault } from '../../../lib/errors/user-fault.ts';

export interface CopyOptions {
  signal: AbortSignal;
  /** The permissions for the copy. The umask is applied, as for any new file. */
  mode: number;
  onProgress(progress: { bytes: number; of: number }): void;
}

/**
 * The endings of the files that SQLite needs to read a database: the database itself, a -wal that was not written back,
 * and a journal that was not rolled back.
 */
const PARTS = ['', '-wal', '-journal'] as const;
const AT_ONCE = 8 * 1024 * 1024;

/**
 * Copies a backup byte by byte, with the files that SQLite has left beside it. SQLite never opens the backup itself,
 * because it would write files beside it, and so would need more than the right to read. Throws UserFault if the backup
 * changed during the copying. Throws the reason of `signal` if it aborts.
 */
export async function copyBackup(backup: string, to: string, { signal, mode, onProgress }: CopyOptions): Promise<void> {
  const parts = PARTS.filter((part) => existsSync(backup + part));
  const before = parts.map((part) => stateOf(backup + part));
  const of = parts.reduce((sum, part) => sum + statSync(backup + part).size, 0);
  let bytes = 0;
  for (const part of parts) {
    await copyFile(backup + part, to + part, mode, (count) => {
      signal.throwIfAborted();
      bytes += count;
      onProgress({ bytes, of });
    });
  }
  const after = PARTS.filter((part) => existsSync(backup + part)).map((part) => stateOf(backup + part));
  if (before.join() === after.join()) return;
  throw new UserFault(
    `${backup} was written to while it was copied: it is in use, so it is not a backup. Nothing was changed. Make a copy of it with "ssm-archive backup" first.`,
  );
}

async function copyFile(from: string, to: string, mode: number, onBytes: (count: number) => void): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', mode);
    try {
      await copyAll(source, target, onBytes);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyAll(source: FileHandle, target: FileHandle, onBytes: (count: number) => void): Promise<void> {
  const buffer = Buffer.alloc(AT_ONCE);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, AT_ONCE);
    if (bytesRead === 0) return;
    for (let done = 0; done < bytesRead; ) done += (await target.write(buffer, done, bytesRead - done)).bytesWritten;
    onBytes(bytesRead);
  }
}

function stateOf(path: string): string {
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
  return [path, ino, size, mtimeNs, ctimeNs].join(' ');
}
