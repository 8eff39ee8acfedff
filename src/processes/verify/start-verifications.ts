import type { Verdict } from '../../archive/verify/judge-parts.ts';
import { type Installation, readKnownOutside } from '../../archive/verify/read-known-outside.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';
import type { VerifierProgram } from './start-verifier.ts';
import { verifyApart } from './verify-apart.ts';

/** How the last complete verification ended. */
export interface LastVerification
  extends Pick<
    Verdict,
    'verdict' | 'isIntact' | 'heldLeaves' | 'signedBy' | 'doubts' | 'notes' | 'sealed' | 'sealedDays'
  > {
  completedAtMs: number;
  durationMs: number;
  /** How many leaves of the ledger were verified. */
  leaves: number;
}

export interface VerificationsDeps {
  archive: Installation;
  program?: VerifierProgram | undefined;
  /** Rejects if the archive at the path is not the one that is open. */
  refuseMoved(): Promise<void>;
  log: Logger;
  now: Now;
  /** Calls `turn` by schedule, and never before the previous call has ended. */
  schedule(turn: () => Promise<void>): { begin(): void; stop(): Promise<void> };
  /** How long after the start `turn` is called first, unless the schedule has called it before. */
  firstAfterMs: number;
}

export interface Verifications {
  /** The last result; undefined until one verification has ended. */
  last(): LastVerification | undefined;
  /** Gives up the running verification, waits until its process has ended, and begins no other. */
  close(): Promise<void>;
}

const TOLD_IN_LOG = 10;

/** Verifies the archive some time after the start and then by schedule, and logs each result. */
export function startVerifications({
  archive,
  program,
  refuseMoved,
  log,
  now,
  ...deps
}: VerificationsDeps): Verifications {
  const stopping = new AbortController();
  let last: LastVerification | undefined;
  let closed: Promise<void> | undefined;
  const schedule = deps.schedule(verify);
  const first = setTimeout(() => schedule.begin(), deps.firstAfterMs);

  async function verify(): Promise<void> {
    clearTimeout(first);
    const startedAt = performance.now();
    try {
      await refuseMoved();
      const { trustedKeys, outside, record, unread, advice } = readKnownOutside(archive);
      const known = { trustedKeys, outside, record, unread };
      const question = { path: archive.db, program, signal: stopping.signal, ...known };
      const found = await verifyApart(question);
      const durationMs = Math.round(performance.now() - startedAt);
      const { verdict, isIntact, heldLeaves, signedBy, notes, sealed, sealedDays, size: leaves } = found;
      const doubts = verdict === 'consistent' ? [...found.doubts, ...advice] : found.doubts;
      const completedAtMs = now().getTime();
      const times = { completedAtMs, durationMs };
      last = { verdict, isIntact, heldLeaves, signedBy, doubts, notes, sealed, sealedDays, leaves, ...times };
      report(log, { ...found, doubts }, durationMs);
    } catch (error) {
      if (stopping.signal.aborted) log.warn('A verification was given up: the server stops.');
      else
        log.error(
          { err: error },
          'VERIFY NOT DONE: the server could not find out whether the archive is intact. It tries again by schedule; "ssm-archive verify" verifies the archive at once.',
        );
    }
  }

  return {
    last: () => last,
    close() {
      clearTimeout(first);
      stopping.abort();
      closed ??= schedule.stop();
      return closed;
    },
  };
}

function report(log: Logger, verdict: Verdict, elapsedMs: number): void {
  const { faults, doubts, notes, size, heldLeaves, checkpoints, outsideCheckpoints } = verdict;
  const [worst] = faults;
  const said = { ...(notes.length > 0 && { notes }) };
  const figures = { size, heldLeaves, checkpoints, outsideCheckpoints, elapsedMs, ...said };
  if (worst === undefined && verdict.isIntact) {
    log.info(
      figures,
      verdict.sealedDays > 0
        ? 'Verified: the archive is intact. The lake was not read.'
        : 'Verified: the archive is intact.',
    );
    return;
  }
  if (worst === undefined) {
    log.warn(
      { ...figures, doubts },
      `VERIFIED NO FURTHER THAN CONSISTENT: ${doubts.join(' ')} List the keys that may sign the archive as verify.keys in archive.yaml; "ssm-archive verify" says how to get these keys.`,
    );
    return;
  }
  log.error(
    { ...figures, faults: faults.length, first: faults.slice(0, TOLD_IN_LOG).map(({ what }) => what) },
    `VERIFY FAILED: the archive is not intact. The first of ${faults.length} found: ${worst.what}. Keep a copy of the file as it is and all backups, and run "ssm-archive verify --json", which has all that was found.`,
  );
}
