import { availableParallelism } from 'node:os';
import type { Database } from 'better-sqlite3';
import { judgeParts, type KnownOutside, type Verdict } from '../../archive/verify/judge-parts.ts';
import { planParts, readSeenState } from '../../archive/verify/plan-parts.ts';
import type { VerifiedPart } from '../../archive/verify/verify-task.ts';
import { connectToRead } from '../../db/reading/connect-to-read.ts';
import { watchBounds } from '../../lib/child/watch-bounds.ts';
import { runQueue } from '../../lib/run-queue.ts';
import { sleep } from '../../lib/time.ts';
import { startVerifier, type Verifier, type VerifierProgram } from './start-verifier.ts';

export interface VerifyQuestion extends KnownOutside {
  path: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** How many verifying processes; by default as many as there are cores. */
  processes?: number | undefined;
  program?: VerifierProgram | undefined;
}

export interface VerifyProgress {
  leaves: number;
  of: number;
}

const TRIES = 100;
const PAUSE_MS = 20;
const BUSY_TIMEOUT_MS = 30_000;

/**
 * Verifies a whole archive in several processes: leaves from the stored states, rows from the last states, outputs,
 * tree, checkpoints. Entries that are written meanwhile are not verified. If SQLite can't read the file, that is a
 * fault in the result. Throws if a process dies, or if the processes never see the same state; if `signal` aborts,
 * throws its reason.
 */
export async function verifyArchive(question: VerifyQuestion): Promise<Verdict> {
  question.signal?.throwIfAborted();
  const sqlite = connectToRead(question.path, question.program?.mode ?? 'usual', BUSY_TIMEOUT_MS);
  const count = question.processes ?? availableParallelism();
  const verifiers = Array.from({ length: Math.max(1, count) }, () => startVerifier(question.path, question.program));
  const end = (reason?: unknown) => Promise.all(verifiers.map((verifier) => verifier.end(reason)));
  const release = watchBounds({ signal: question.signal }, () => end(question.signal?.reason));
  try {
    return await verifyBy(verifiers, sqlite, question);
  } finally {
    release();
    await end();
    sqlite.close();
  }
}

async function verifyBy(verifiers: readonly Verifier[], sqlite: Database, question: VerifyQuestion): Promise<Verdict> {
  const size = await beginTogether(verifiers, sqlite);
  const parts: VerifiedPart[] = [];
  const idle = [...verifiers];
  let verified = 0;
  question.onProgress?.({ leaves: 0, of: size });
  await runQueue(planParts(size), verifiers.length, async (task) => {
    const verifier = idle.pop();
    if (!verifier) throw new Error('There are more parts at a time than processes.');
    const leaves = (more: number) => {
      verified += more;
      question.onProgress?.({ leaves: verified, of: size });
    };
    parts.push(await verifier.ask('verify', task, { leaves }));
    idle.push(verifier);
  });
  question.signal?.throwIfAborted();
  const { trustedKeys, outside, record, unread } = question;
  return judgeParts(sqlite, { size, parts, trustedKeys, outside, record, unread });
}

/**
 * All verifiers see the same state once they see the same size of the ledger, because everything that is verified is
 * written together with a leaf. Only rows of sealed days go and come back without one; how many are gone tells these
 * states apart.
 */
async function beginTogether(verifiers: readonly Verifier[], sqlite: Database): Promise<number> {
  for (let n = 0; n < TRIES; n++) {
    if (sqlite.inTransaction) sqlite.exec('COMMIT');
    sqlite.exec('BEGIN');
    const { size, sealed } = readSeenState(sqlite);
    const states = await Promise.all(verifiers.map((verifier) => verifier.ask('begin', undefined)));
    if (states.every((other) => other.size === size && other.sealed === sealed)) return size;
    await sleep(PAUSE_MS);
  }
  throw new Error('The archive is being written to all the time: verify it between two passes.');
}
