import { statfsSync } from 'node:fs';
import { isDiskFull } from '../errors/is-disk-full.ts';
import type { Logger } from '../logger.ts';
import { SECOND_MS } from '../time.ts';

interface WriteCheckDeps {
  /** What is written, and what follows where it can't be, as sentences have them. */
  what: string;
  consequence: string;
  /** The folder that it lies in. */
  folder: string;
  /** Commits something that changes nothing. Throws where it can't. */
  commit(): void;
  /** With less than this free, what is written at a time may not find room. */
  roomBytes: number;
  log: Logger;
  monotonicMs(): number;
  freeBytes?: ((folder: string) => number) | undefined;
}

/** Whether a file can be written to. */
export interface WriteCheck {
  /** A sentence on why it can't; undefined where it can. */
  fault(): string | undefined;
  /** A write has failed, or succeeded. */
  failed(error: unknown): void;
  succeeded(): void;
}

const COMMIT_PAUSE_MS = SECOND_MS;

/**
 * Finds out whether a file can be written to, without writing each time that somebody asks: only where little space is left, or
 * the last write has failed. So a server that is asked nothing any more, because it is not ready, sees by itself that it is again.
 * After a failure it also waits until there is room for more than a commit that changes nothing: else it would say that it is
 * ready until the next write fails.
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
      // Where it has failed: not before there is room. Where it has not: only where there may be none.
      if (hasRoom === (fault !== undefined)) tryCommit();
      return fault;
    },
  };
}

/** What this process may still fill; none where the folder can't be asked. Some file systems keep a share for root. */
export function freeBytesOf(folder: string): number {
  try {
    const { bavail, bfree, bsize } = statfsSync(folder);
    return (process.geteuid?.() === 0 ? bfree : bavail) * bsize;
  } catch {
    return 0;
  }
}
