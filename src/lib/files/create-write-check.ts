import { statfsSync } from 'node:fs';
import { isDiskFull } from '../errors/is-disk-full.ts';
import type { Logger } from '../logger.ts';
import { SECOND_MS } from '../time.ts';

interface WriteCheckDeps {
  /** Parts of messages: `what` names the file, and `consequence` says what happens if the file can't be written. */
  what: string;
  consequence: string;
  /** The folder of the file. */
  folder: string;
  /** Commits a transaction that changes nothing. Throws if the commit fails. */
  commit(): void;
  /** How much room a write may need, in bytes. */
  roomBytes: number;
  log: Logger;
  monotonicMs(): number;
  freeBytes?: ((folder: string) => number) | undefined;
}

/** Whether a file can be written to. */
export interface WriteCheck {
  /** A sentence that says why the file can't be written; undefined if it can. */
  fault(): string | undefined;
  /** The file's owner calls `failed` or `succeeded` after each write. */
  failed(error: unknown): void;
  succeeded(): void;
}

const COMMIT_PAUSE_MS = SECOND_MS;

/**
 * Finds out whether a file can be written, without a write for each question. It tries a commit only if little space is
 * left, or if the last write failed. A server that reports that it is not ready gets no requests, so the server itself
 * must notice when it is ready again. After a failure the check also waits until `roomBytes` are free: an empty commit
 * needs less room, and the server would report ready until the next real write fails.
 */
export function createWriteCheck(deps: WriteCheckDeps): WriteCheck {
  const { what, consequence, folder, commit, roomBytes, log, monotonicMs, freeBytes = freeBytesOf } = deps;
  let fault: string | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  function failed(error: unknown): void {
    const why = isDiskFull(error) ? 'its disk is full' : String(error);
    const sentence = `${what} can't be written: ${why}. ${consequence}`;
    if (sentence !== fault) log.error({ err: error, freeBytes: freeBytes(folder) }, sentence);
    fault = sentence;
  }

  function succeeded(): void {
    if (fault !== undefined) log.info(`${what} can be written again.`);
    fault = undefined;
  }

  function tryCommit(): void {
    if (monotonicMs() - triedAtMs < COMMIT_PAUSE_MS) return;
    triedAtMs = monotonicMs();
    try {
      commit();
      succeeded();
    } catch (error) {
      failed(error);
    }
  }

  return {
    ...{ failed, succeeded },
    fault() {
      const hasRoom = freeBytes(folder) >= roomBytes;
      // After a failure we try only when there is room again. Without a failure we try only when there may be no room.
      if (hasRoom === (fault !== undefined)) tryCommit();
      return fault;
    },
  };
}

/**
 * Returns how many bytes this process may still write, without what is reserved for root; 0 if the system does not say.
 */
export function freeBytesOf(folder: string): number {
  try {
    const { bavail, bfree, bsize } = statfsSync(folder);
    return (process.geteuid?.() === 0 ? bfree : bavail) * bsize;
  } catch {
    return 0;
  }
}
