import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../../archive/sealed/too-many-sealed-days.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Returns an error for a reader of sealed days. DuckDB's errors name files and bytes; a reader needs to know that it is the lake which can't be read.
 * Errors of SQLite are about the archive, and stay what they are.
 */
export function inWords(error: unknown): Error {
  if (error instanceof SealedUnreadable || error instanceof TooManySealedDays) return error;
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_')) return error;
  if (error instanceof UserFault) return new SealedUnreadable(error.message, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new SealedUnreadable(
    `Sealed days could not be read: ${reason.replace(/[.\s]+$/, '')}. Run "ssm-archive verify --lake" to see which objects are wrong.`,
    { cause: error },
  );
}
