import { ArchiveMoved } from '../../lib/errors/archive-moved.ts';
import { type FileIdentity, isSameFile } from '../../lib/files/identify-file.ts';
import type { Logger } from '../../lib/logger.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { describeMove } from './describe-move.ts';

/**
 * Whether a new connection to the path reads what the open connection committed; `unknown` if this could not be tried.
 */
export type Proof = 'same' | 'other' | 'unknown';

export interface FileWatchDeps {
  path: string;
  /** Device and inode of the open files, from when they were opened. */
  opened: FileIdentity;
  /** Returns device and inode of the files that are at the path now. */
  identify(): FileIdentity;
  /** Finds out whether the files at the path are the open ones, even though their devices or inodes differ. */
  prove(): Promise<Proof>;
  /** Opens the files at the path, after they were proven to be the same. */
  reopen(): void;
  log: Logger;
  monotonicMs(): number;
}

/** Checks that the file at an archive's path is still the open one. */
export interface FileWatch {
  /** Returns a sentence that says why the file at the path is not the open archive; undefined if it is. */
  fault(): Promise<string | undefined>;
  /** Throws ArchiveMoved with the sentence of `fault`, if there is one. */
  refuseMoved(): Promise<void>;
  /** Device and inode of the archive's files, as last confirmed. */
  known(): FileIdentity;
}

/** A proof starts a process. After a failed proof, the next one is tried no sooner than this. */
const PROOF_PAUSE_MS = 5 * SECOND_MS;
const SAME = 'The archive has another device or inode now, but is the same file.';

/**
 * At each call, compares the files at the path with the open ones by device and inode. A file on a remounted disk, or
 * one that an overlay file system copied, has new numbers but is the same file. So if the numbers differ, a proof is
 * tried first, and only a file without the data that was committed here counts as another file. Logs each change of the
 * result.
 */
export function watchFile({ path, opened, identify, prove, reopen, log, monotonicMs }: FileWatchDeps): FileWatch {
  let known = opened;
  /** The last proof, and the files that it is about. */
  let last: { seen: FileIdentity; proof: Proof; atMs: number } | undefined;
  let proving: Promise<void> | undefined;
  let told: string | undefined;

  async function proofOf(seen: FileIdentity): Promise<Proof> {
    if (isSameFile(seen, known)) return 'same';
    // Without all three files no proof is possible: SQLite would make a new -wal or -shm.
    if (!seen.main || !seen.wal || !seen.shm || seen.isEmpty) return 'other';
    const before = provenOf(seen);
    if (before) return before;
    proving ??= proveNow(seen);
    await proving;
    return isSameFile(identify(), known) ? 'same' : (provenOf(seen) ?? 'unknown');
  }

  /** The last proof if it is about these files, unless it is time to try again. */
  function provenOf(seen: FileIdentity): Proof | undefined {
    if (!last || !isSameFile(seen, last.seen)) return undefined;
    return last.proof === 'unknown' && monotonicMs() - last.atMs >= PROOF_PAUSE_MS ? undefined : last.proof;
  }

  async function proveNow(seen: FileIdentity): Promise<void> {
    let proof: Proof = 'unknown';
    try {
      proof = await prove();
      // If the files were exchanged during the proof, nobody knows which files it is about.
      if (!isSameFile(seen, identify())) return;
      if (proof === 'same') {
        reopen();
        log.info({ path, open: known.main, found: seen.main }, SAME);
        // Reopening the archive may have made a new -wal and -shm.
        known = identify();
      }
    } catch (error) {
      proof = 'unknown';
      log.error({ err: error }, 'Could not find out whether the archive at its path is the open one.');
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
