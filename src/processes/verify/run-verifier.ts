import { constants, setPriority } from 'node:os';
import type { Database } from 'better-sqlite3';
import { faultOf } from '../../archive/verify/fault.ts';
import { sizeToVerify } from '../../archive/verify/plan-parts.ts';
import { verifyTask } from '../../archive/verify/verify-task.ts';
import { verifyWhole } from '../../archive/verify/verify-whole.ts';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { outliveStopSignals } from '../../lib/stop-signals.ts';
import type { FromVerifier, ToVerifier } from './verifier-messages.ts';

const CACHE_KIB = 131_072;
const BUSY_TIMEOUT_MS = 30_000;

/**
 * The main function of a verifying process: it reads the archive that its first argument names, opened as the second says, part by part as
 * it is told.
 */
export function runVerifier(): void {
  const path = process.argv[2] ?? '';
  const sqlite = connectToRead(path, readModeOf(process.argv[3]), BUSY_TIMEOUT_MS);
  sqlite.pragma('trusted_schema = OFF');
  process.on('disconnect', () => process.exit());
  // The command, or the server, ends its verifiers.
  outliveStopSignals();
  process.on('message', (message: ToVerifier) => {
    try {
      if (message.kind === 'verify') {
        send({ kind: 'verified', part: verifyTask(sqlite, message.task, (count) => send({ kind: 'leaves', count })) });
        return;
      }
      if (sqlite.inTransaction) sqlite.exec('COMMIT');
      useCache(sqlite);
      sqlite.exec('BEGIN');
      if (message.kind === 'whole') {
        // It may take its time: collection and answers go first.
        setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
        send({ kind: 'judged', verdict: verifyWhole(sqlite, message.known) });
      } else send({ kind: 'begun', size: sizeToVerify(sqlite) });
    } catch (error) {
      send({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  send({ kind: 'ready' });
}

/** SQLite reads the schema for it: where it can't, the parts say so. */
function useCache(sqlite: Database): void {
  try {
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  } catch (error) {
    faultOf(error);
  }
}

function send(message: FromVerifier): void {
  process.send?.(message);
}
