import { explainLostProcess } from '../../lib/errors/too-many-files.ts';
import type { Logger } from '../../lib/logger.ts';
import { ReaderFailed } from './errors.ts';
import { type Reader, type ReaderProgram, startReader } from './start-reader.ts';

interface KeepOptions {
  archivePath: string;
  program: ReaderProgram;
  /** How many processes are kept running. */
  readers: number;
  /** Whether processes start only when `start` is called. */
  isLazy?: boolean;
  /** Rejects if the archive at the path is not the one that is open. Then no process is started. */
  refuseMoved?: (() => Promise<void>) | undefined;
  log: Logger;
  /** Called when one more process can be asked. */
  onReady(): void;
  /** Called when a process has ended without being told to. */
  onLost(reader: Reader): void;
  /**
   * Called when no process can be asked and the last start has failed. The error has the reason and, if known, what to
   * do.
   */
  onNone(reason: Error): void;
}

/** Keeps the number of reading processes constant: when one ends, another is started. */
export interface KeptReaders {
  /** Starts all processes that do not run yet. */
  start(): void;
  /** Processes that have started, whether they have a read or not. */
  ready(): Reader[];
  /** Kills a process, and starts another without waiting for its end. */
  replace(reader: Reader): void;
  /** Kills all processes. Resolves once they are gone. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** This time is short because a look at the path costs nothing. */
const MOVED_PAUSE_MS = 500;

export function keepReaders(options: KeepOptions): KeptReaders {
  const { archivePath, log } = options;
  let { program } = options;
  const readers = new Set<Reader>();
  /** Processes that were killed but have not ended yet. */
  const going = new Set<Promise<unknown>>();
  let isClosed = false;
  let failedStarts = 0;
  /** How many processes could not start and will be tried again. */
  let waitingStarts = 0;
  /** How many starts wait for the check that the archive is at its path. */
  let lookingStarts = 0;

  /**
   * The limit of a process's memory is the memory that it takes when idle, plus `memoryBytes`. The first process
   * measures the memory when idle; until then no other process starts.
   */
  let isMeasured = program.limits === undefined;

  function startAll(): void {
    const most = isMeasured ? options.readers : 1;
    while (readers.size + waitingStarts + lookingStarts < most && !isClosed) start();
  }
  if (!options.isLazy) startAll();

  function start(): void {
    lookingStarts += 1;
    ifUnmoved(
      () => {
        lookingStarts -= 1;
        startNow();
      },
      (reason) => {
        lookingStarts -= 1;
        startWhenBack(reason);
      },
    );
  }

  /**
   * Starts a process only if the archive is in place: a reader of another file would answer as if that file were the
   * archive.
   */
  function ifUnmoved(go: () => void, refuse: (reason: Error) => void): void {
    if (options.refuseMoved) options.refuseMoved().then(go, refuse);
    else go();
  }

  function startWhenBack(reason: Error): void {
    if (!hasReady()) options.onNone(reason);
    tryLater(MOVED_PAUSE_MS);
  }

  function startNow(): void {
    if (isClosed) return;
    let wasReady = false;
    const use = () => {
      if (!readers.has(reader)) return;
      wasReady = true;
      failedStarts = 0;
      if (isMeasured) options.onReady();
      else measured(reader);
    };
    // The process opened the file that was at the path when the process started, so the path is checked again.
    const drop = (reason: Error) => {
      if (!readers.has(reader)) return;
      end(reader);
      startWhenBack(reason);
    };
    const reader = startReader(program, archivePath, () => ifUnmoved(use, drop));
    readers.add(reader);
    void reader.gone.then((how) => {
      if (!readers.delete(reader)) return;
      if (wasReady) {
        log.warn({ reader: reader.pid, how }, 'A reading process ended by itself; another takes its place.');
        start();
        options.onLost(reader);
      } else startLater(how);
    });
  }

  /**
   * The first process runs without a limit of data and has measured its memory. It gets no question; processes with
   * limits replace it.
   */
  function measured(reader: Reader): void {
    const { limits } = program;
    const { atRestBytes } = reader;
    if (atRestBytes === undefined)
      log.warn(
        "This system does not report how much memory a process uses: only V8's heap is limited in processes for SQL.",
      );
    if (limits) program = { ...program, limits: { ...limits, atRestBytes } };
    isMeasured = true;
    end(reader);
    startAll();
  }

  /**
   * Called for a process that ended before it could be asked. The next one would probably fail too, so this waits
   * before the next try, and rejects the questions that wait now.
   */
  function startLater(how: string): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failedStarts);
    failedStarts += 1;
    // An update may have replaced Node, and with it the memory that an idle process takes, so that is measured again.
    program = options.program;
    isMeasured = program.limits === undefined;
    const sentences = (first: string) => [first, explainLostProcess(how) ?? []].flat().join(' ');
    log.error({ archive: archivePath, how, pauseMs }, sentences('A reading process could not start.'));
    if (!hasReady()) options.onNone(new ReaderFailed(sentences('No process that reads the archive could start.')));
    tryLater(pauseMs);
  }

  function tryLater(pauseMs: number): void {
    waitingStarts += 1;
    setTimeout(() => {
      waitingStarts -= 1;
      if (!isClosed) start();
    }, pauseMs).unref();
  }

  const hasReady = () => [...readers].some(({ isReady }) => isReady);

  function end(reader: Reader): void {
    readers.delete(reader);
    going.add(reader.gone);
    void reader.gone.then(() => going.delete(reader.gone));
    reader.kill();
  }

  return {
    start: startAll,
    ready: () => [...readers].filter(({ isReady }) => isReady),
    replace(reader) {
      end(reader);
      start();
    },
    async close() {
      isClosed = true;
      for (const reader of readers) end(reader);
      await Promise.all(going);
    },
  };
}
