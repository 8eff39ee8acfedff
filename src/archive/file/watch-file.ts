import { ArchiveMoved } from '../../lib/errors/archive-moved.ts';
import { type FileIdentity, isSameFile } from '../../lib/files/identify-file.ts';
import type { Logger } from '../../lib/logger.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { describeMove } from './describe-move.ts';

/** Whether what was committed by the open connection is read through a new one; `unknown` where that could not be tried. */
export type Proof = 'same' | 'other' | 'unknown';

export interface FileWatchDeps {
  path: string;
  /** The files that are open, as they were found when they were opened. */
  opened: FileIdentity;
  /** The files that are at the path now. */
  identify(): FileIdentity;
  /** Finds out whether the files at the path are the open ones, though their devices or inodes differ. */
  prove(): Promise<Proof>;
  /** Opens those at the path, which have been proven to be the same. */
  reopen(): void;
  log: Logger;
  monotonicMs(): number;
}

/** Sees to it that an open archive is the one at its path. */
export interface FileWatch {
  /** A sentence on why it is not; undefined where it is. */
  fault(): Promise<string | undefined>;
  /** Throws ArchiveMoved with that sentence. */
  refuseMoved(): Promise<void>;
  /** The files of the archive, as they are found at its path. */
  known(): FileIdentity;
}

/** To find it out takes a process. Where that could not be done, it isn't tried again before. */
const PROOF_PAUSE_MS = 5 * SECOND_MS;
const SAME = 'The archive has another device or inode, and is the same.';

/**
 * Compares the path with the open files by device and inode, at each call. A file that was mounted again, or that an overlay copied
 * up, has other numbers and is the same: so where they differ it is proven first, and only a file that does not have what was
 * committed here is another. Each change of the answer is a line in the log.
 */
export function watchFile({ path, opened, identify, prove, reopen, log, monotonicMs }: FileWatchDeps): FileWatch {
  let known = opened;
  /** What was found out last, and of which files. */
  let last: { seen: FileIdentity; proof: Proof; atMs: number } | undefined;
  let proving: Promise<void> | undefined;
  let told: string | undefined;

  async function proofOf(seen: FileIdentity): Promise<Proof> {
    if (isSameFile(seen, known)) return 'same';
    // What is not there can't be read. To open an archive beside a missing -wal or -shm would make one.
    if (!seen.main || !seen.wal || !seen.shm || seen.isEmpty) return 'other';
    const before = provenOf(seen);
    if (before) return before;
    proving ??= proveNow(seen);
    await proving;
    return isSameFile(identify(), known) ? 'same' : (provenOf(seen) ?? 'unknown');
  }

  /** What was found out of these files, unless it is time to try again. */
  function provenOf(seen: FileIdentity): Proof | undefined {
    if (!last || !isSameFile(seen, last.seen)) return undefined;
    return last.proof === 'unknown' && monotonicMs() - last.atMs >= PROOF_PAUSE_MS ? undefined : last.proof;
  }

  async function proveNow(seen: FileIdentity): Promise<void> {
    let proof: Proof = 'unknown';
    try {
      proof = await prove();
      // Where they were exchanged meanwhile, the proof is of neither.
      if (!isSameFile(seen, identify())) return;
      if (proof === 'same') {
        reopen();
        log.info({ path, open: known.main, found: seen.main }, SAME);
        // To open it may have made another -wal and -shm.
        known = identify();
      }
    } catch (error) {
      proof = 'unknown';
      log.error({ err: error }, 'Whether the archive at its path is the open one could not be found out.');
    } finally {
      proving = undefined;
    }
    last = { seen, proof, atMs: monotonicMs() };
  }

  function tell(seen: FileIdentity, proof: Proof): string | undefined {
    const move = proof === 'same' ? undefined : describeMove(path, known, seen, proof);
    if (move?.line === told) return move?.reason;
    told = move?.line;
    if (!move) {
      log.info({ path, open: known.main }, 'The archive at its path is the open one again.');
      return undefined;
    }
    const { file, open, found } = move;
    log[proof === 'other' ? 'error' : 'warn']({ path: file, open, found }, move.line);
    return move.reason;
  }

  async function fault(): Promise<string | undefined> {
    const seen = identify();
    return tell(seen, await proofOf(seen));
  }

  return {
    fault,
    async refuseMoved() {
      const reason = await fault();
      if (reason !== undefined) throw new ArchiveMoved(reason);
    },
    known: () => known,
  };
}
