import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Throws UserFault if this user may only read an existing archive. SQLite would still open it. If the user may write
 * into the folder, SQLite would make a -wal there to which the archive's own user can't write.
 */
export function refuseUnwritable(path: string): void {
  if (!existsSync(path)) return;
  const real = realpathSync(path);
  const needed = [real, dirname(real), ...[`${real}-wal`, `${real}-shm`].filter(existsSync)];
  const denied = needed.find((each) => !isWritable(each));
  if (denied === undefined) return;
  throw new UserFault(
    `This command writes to the archive ${path}, but this user may not write to ${denied}. Run it as the user that collects. These commands only read: status, coverage without --certificate, report, sql, verify, reconcile, hold list, backup.`,
    { exitCode: 2 },
  );
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
