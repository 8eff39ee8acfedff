import type { Database } from 'better-sqlite3';
import { faultOf } from '../../archive/verify/fault.ts';
import { readSeenState } from '../../archive/verify/plan-parts.ts';
import { verifyTask } from '../../archive/verify/verify-task.ts';
import { verifyWhole } from '../../archive/verify/verify-whole.ts';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import type { VerifierProtocol } from './verifier-protocol.ts';

const CACHE_KIB = 131_072;
const BUSY_TIMEOUT_MS = 30_000;

/**
 * The main function of a verifying process. Its first argument is the archive's path, its second argument the way in
 * which to open the archive. It verifies the parts that it is asked for, one after another.
 */
export function runVerifier(): void {
  const sqlite = connectToRead(process.argv[2] ?? '', readModeOf(process.argv[3]), BUSY_TIMEOUT_MS);
  sqlite.pragma('trusted_schema = OFF');
  serveParent<VerifierProtocol>(
    {
      begin() {
        beginAgain(sqlite);
        return readSeenState(sqlite);
      },
      verify: (task, say) => verifyTask(sqlite, task, (count) => say('leaves', count)),
      whole(known) {
        // This process runs at low priority, because collecting and answering are more urgent.
        lowerPriority();
        beginAgain(sqlite);
        return verifyWhole(sqlite, known);
      },
    },
    { tells: {}, ready: () => undefined },
  );
}

/** Begins a transaction that sees everything written until now. */
function beginAgain(sqlite: Database): void {
  if (sqlite.inTransaction) sqlite.exec('COMMIT');
  useCache(sqlite);
  sqlite.exec('BEGIN');
}

/**
 * Sets the size of the cache, for which SQLite reads the schema. If that fails, the verified parts report the fault.
 */
function useCache(sqlite: Database): void {
  try {
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  } catch (error) {
    faultOf(error);
  }
}
