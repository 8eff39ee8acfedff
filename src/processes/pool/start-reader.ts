import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { ChildLost } from '../../lib/child/child-lost.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { receiveError } from '../../lib/child/send-error.ts';
import { type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { namedErrors } from '../named-errors.ts';
import { limitedProgram } from './limited-program.ts';
import type { ReaderProtocol, ReadRequest, StreamEnd } from './reader-protocol.ts';

/** Limits of a reading process that the operating system enforces. */
export interface ReaderLimits {
  /** How much memory the process may take beyond what it takes when idle, in bytes. */
  memoryBytes: number;
  /** How much memory the process takes when idle, in bytes. While that is not known, only V8's heap is limited. */
  atRestBytes?: number | undefined;
  /** How much processor time the process may use in all. */
  cpuSeconds: number;
}

/** The program of a reading process, and Node's options for it. */
export interface ReaderProgram extends ChildProgram {
  limits?: ReaderLimits | undefined;
  /** Whether the process runs at low priority from its start. */
  isBackground?: boolean | undefined;
  /** How the process opens the archive; `usual` by default. */
  mode?: ReadMode | undefined;
  /** Where sealed days are; undefined if there is no lake. */
  lake?: ReaderLake | undefined;
}

/** The lake as a reading process gets it. */
export interface ReaderLake {
  location: string;
  cacheFolder: string;
  cacheBytes: number;
  /** The variables with which the process reads it; none for a folder. */
  env: Readonly<Record<string, string>>;
}

/** How a stream ended, or why a read has no value. */
export interface ReadEnd extends Omit<StreamEnd, 'error'> {
  error?: Error | undefined;
}

/** The listener to a running read. */
export interface ReaderListener {
  onNote(note: unknown): void;
  onBytes(chunk: Buffer): void;
  onValue(value: unknown): void;
  /** Called at the read's end. Some of its bytes may arrive later. */
  onEnd(end: ReadEnd): void;
}

/** One reading process. */
export interface Reader {
  readonly pid: number | undefined;
  /** Whether the process has started and still runs. */
  readonly isReady: boolean;
  /**
   * How many bytes of data the process took once it had started; undefined before that, or if the system does not
   * report it.
   */
  readonly atRestBytes: number | undefined;
  /** The listener to the running read; undefined if there is none. */
  listener: ReaderListener | undefined;
  ask(request: ReadRequest): void;
  /** Stops reading the bytes of a stream until `resume`. */
  pause(): void;
  resume(): void;
  /** Gives the process low priority from now on. Only a privileged user could raise it again. */
  yieldToOthers(): void;
  /** Whether the process's priority was lowered after its start. */
  readonly hasYielded: boolean;
  /** Ends the process, whatever it is doing. Its listener is not called any more. */
  kill(): void;
  /** Resolves once the process is gone, with how it ended. */
  gone: Promise<string>;
}

/** Other programs of the machine can read the arguments of a process, so credentials are not among them. */
function placeOf({ location, cacheFolder, cacheBytes }: ReaderLake): string {
  return JSON.stringify({ location, cacheFolder, cacheBytes });
}

/** Starts a reading process. `onReady` is called once, when it can be asked. */
export function startReader(program: ReaderProgram, archivePath: string, onReady: (reader: Reader) => void): Reader {
  const { path, execArgv = process.execArgv, limits, isBackground = false, mode = 'usual', lake } = program;
  let isReady = false;
  let atRestBytes: number | undefined;
  let hasYielded = false;
  let listener: ReaderListener | undefined;
  const child = startChild<ReaderProtocol>({
    args: [archivePath, mode, lake === undefined ? '' : placeOf(lake)],
    // The reader gets an empty environment: it needs no credentials, and can't leak what it does not have. Only a lake
    // in a bucket is read with credentials.
    env: { ...lake?.env },
    program: { path, ...(limits ? limitedProgram(ceilingsOf(limits), execArgv) : { execArgv }) },
    hasPipe: true,
    // A process that dies at a limit prints many lines. They are dropped, because the caller gets one sentence instead.
    isMute: limits !== undefined,
    // Ctrl-C must reach only the server, which then ends its readers.
    isDetached: true,
    errors: namedErrors,
    onReady({ dataBytes }) {
      isReady = true;
      atRestBytes = dataBytes;
      onReady(reader);
    },
  });
  if (isBackground && child.pid !== undefined) lowerPriority(child.pid);

  /** Data that arrives later belongs to a read that has ended, and must not reach a listener. */
  const leave = () => {
    isReady = false;
    listener = undefined;
  };
  child.pipe?.on('data', (chunk: Buffer) => listener?.onBytes(chunk));
  /** Passes on the error of a read. A lost process is not reported here: the pool learns about it through `gone`. */
  const failed = (error: Error) => {
    if (!(error instanceof ChildLost)) listener?.onEnd({ bytes: 0, rows: null, isWorn: false, error });
  };

  const reader: Reader = {
    pid: child.pid,
    get isReady() {
      return isReady && child.isAlive;
    },
    get atRestBytes() {
      return atRestBytes;
    },
    get listener() {
      return listener;
    },
    set listener(next) {
      listener = next;
    },
    ask({ kind, ...read }) {
      const note = (said: unknown) => listener?.onNote(said);
      if (kind === 'read') child.ask('read', read).then((value) => listener?.onValue(value), failed);
      else child.ask('stream', read, { note }).then((end) => listener?.onEnd(received(end)), failed);
    },
    pause: () => child.pipe?.pause(),
    resume: () => child.pipe?.resume(),
    yieldToOthers() {
      hasYielded = true;
      if (child.pid !== undefined) lowerPriority(child.pid);
    },
    get hasYielded() {
      return hasYielded;
    },
    kill() {
      leave();
      void child.end();
    },
    gone: child.gone.finally(leave),
  };
  return reader;
}

function received({ error, ...end }: StreamEnd): ReadEnd {
  return { ...end, error: error && receiveError(error, namedErrors) };
}

function ceilingsOf({ memoryBytes, atRestBytes, cpuSeconds }: ReaderLimits) {
  const dataBytes = atRestBytes === undefined ? undefined : atRestBytes + memoryBytes;
  return { dataBytes, heapBytes: memoryBytes, cpuSeconds };
}
