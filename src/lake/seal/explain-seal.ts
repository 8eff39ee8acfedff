import { explainTooLarge } from '../../lib/errors/explain-too-large.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { LakeConflict } from '../store/object-store.ts';

const NEXT = 'Nothing is lost: what was sealed is sealed, and the next seal goes on.';

/** What DuckDB says if the disk is full: it has no codes. */
const DUCKDB_DISK_FULL = /No space left on device|disk is full|failed to offload|could not write.*(space|quota)/i;

/** Returns an error of sealing with a sentence for the person who asked for it; other errors as they are. */
export function explainSeal(error: unknown, { location, db }: { location: string; db: string }): unknown {
  if (error instanceof UserFault) return error;
  if (error instanceof LakeConflict)
    return new UserFault(
      `${error.message} If the lake ${location} is another archive's, give this archive a folder or prefix of its own. ${NEXT}`,
      { cause: error },
    );
  if (isDiskFull(error) || (error instanceof Error && DUCKDB_DISK_FULL.test(error.message)))
    return new UserFault(
      `The disk is full: the files of a day are written beside ${db} before they are in the lake ${location}. ${NEXT}`,
      { cause: error },
    );
  const tooLarge = explainTooLarge(error);
  return tooLarge === undefined ? error : new UserFault(`${tooLarge} ${NEXT}`, { cause: error });
}
