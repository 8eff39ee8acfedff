import { ArchiveMoved } from '../../lib/errors/archive-moved.ts';
import { type FileIdentity, isSameFile } from '../../lib/files/identify-file.ts';
import type { Logger } from '../../lib/logger.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { describeMove } from './describe-move.ts';

/**
 * Whether a new connection to the path reads what the open connection committed; `unknown` if that could not be tried.
 */
export type Proof = 'same' | 'other' | 'unknown';

export interface FileWatchDeps {
  path: string;
  /** The open files, as they were when they were opened. */
  opened: FileIdentity;
  /** The files that are at the path now. */
  identify(): FileIdentity;
  /** Finds out whether the files at the path are the open ones although their devices or inodes differ. */
  prove(): Promise<Proof>;
  /** Opens the files at the path, after they were proven to be the same. */
  reopen(): void;
  log: Logger;
  monotonicMs(): number;
}

/** Checks that an open archive is the one at its path. */
export interface FileWatch {
  /** A sentence that says why the open archive is not the one at its path; undefined if it is. */
  fault(): Promise<string | undefined>;
  /** Throws ArchiveMoved with that sentence. */
  refuseMoved(): Promise<void>;
  /** The files of the archive, as they are found at its path. */
  known(): FileIdentity;
}

/** A proof takes a process. If it fails, it isn't tried again before this time has passed. */
const PROOF_PAUSE_MS = 5 * SECOND_MS;
const SAME = 'The archive has another device or inode, and is the same.';

/**
 * Compares the path with the open files by device and inode, at each call. A file on a remounted disk, or one that an
 * overlay copied up, has new numbers but is the same. So if the numbers differ, a proof is tried first, and only a file
 * that lacks the data committed here counts as another file. Each change of the answer is a line in the log.
 */
export function watchFile({ path, opened, identify, prove, reopen, log, monotonicMs }: FileWatchDeps): FileWatch {
  let known = opened;
  /** The last result, and the files that it is about. */
  let last: { seen: FileIdentity; proof: Proof; atMs: number } | undefined;
  let proving: Promise<void> | undefined;
  let told: string | undefined;

  async function proofOf(seen: FileIdentity): Promise<Proof> {
    if (isSameFile(seen, known)) return 'same';
    // A missing file can't be read, and opening an archive without its -wal or -shm would make a new one.
    if (!seen.main || !seen.wal || !seen.shm || seen.isEmpty) return 'other';
    const before = provenOf(seen);
    if (before) return before;
    proving ??= proveNow(seen);
    await proving;
    return isSameFile(identify(), known) ? 'same' : (provenOf(seen) ?? 'unknown');
  }

  /** The last result for these files, unless it is time to try again. */
  function provenOf(seen: FileIdentity): Proof | undefined {
    if (!last || !isSameFile(seen, last.seen)) return undefined;
    return last.proof === 'unknown' && monotonicMs() - last.atMs >= PROOF_PAUSE_MS ? undefined : last.proof;
  }

  async function proveNow(seen: FileIdentity): Promise<void> {
    let proof: Proof = 'unknown';
    try {
      proof = await prove();
      // If the files were exchanged meanwhile, the proof is about neither of them.
      if (!isSameFile(seen, identify())) return;
      if (proof === 'same') {
        reopen();
        log.info({ path, open: known.main, found: seen.main }, SAME);
        // Opening the archive may have made a new -wal and -shm.
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
