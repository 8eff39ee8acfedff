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
  /** How much it may take beyond what it takes at rest, in bytes. */
  memoryBytes: number;
  /** What it takes at rest, in bytes. While that is not known, only V8's heap is limited. */
  atRestBytes?: number | undefined;
  /** Processor time over its life. */
  cpuSeconds: number;
}

/** The program of a reading process, and Node's options for it. */
export interface ReaderProgram extends ChildProgram {
  limits?: ReaderLimits | undefined;
  /** Runs it at low priority from its start. */
  isBackground?: boolean | undefined;
  /** How it opens the archive; `usual` by default. */
  mode?: ReadMode | undefined;
}

/** How a stream ended, or why a read has no value. */
export interface ReadEnd extends Omit<StreamEnd, 'error'> {
  error?: Error | undefined;
}

/** The listener to a read under way. */
export interface ReaderListener {
  onNote(note: unknown): void;
  onBytes(chunk: Buffer): void;
  onValue(value: unknown): void;
  /** Some of its bytes may still be on their way. */
  onEnd(end: ReadEnd): void;
}

/** One reading process. */
export interface Reader {
  readonly pid: number | undefined;
  /** Whether it has come up, and was neither killed nor lost. */
  readonly isReady: boolean;
  /** The data that it took when it had come up, in bytes; undefined before that, and if the system does not tell. */
  readonly atRestBytes: number | undefined;
  /** The listener to the read under way; undefined if there is none. */
  listener: ReaderListener | undefined;
  ask(request: ReadRequest): void;
  /** Holds back the bytes of a stream, and lets them come again. */
  pause(): void;
  resume(): void;
  /** Gives it low priority from now on. Raising it again would need privileges. */
  yieldToOthers(): void;
  /** Whether its priority was lowered after its start. */
  readonly hasYielded: boolean;
  /** Ends the process, whatever it is doing. No listener is called for it any more. */
  kill(): void;
  /** Resolves once the process is gone, with how it ended. */
  gone: Promise<string>;
}

/** Starts a reading process. `onReady` is called once, when it can be asked. */
export function startReader(program: ReaderProgram, archivePath: string, onReady: (reader: Reader) => void): Reader {
  const { path, execArgv = process.execArgv, limits, isBackground = false, mode = 'usual' } = program;
  let isReady = false;
  let atRestBytes: number | undefined;
  let hasYielded = false;
  let listener: ReaderListener | undefined;
  const child = startChild<ReaderProtocol>({
    args: [archivePath, mode],
    // It gets no part of the environment: a reader needs no credentials, and so it can't leak any.
    env: {},
    program: { path, ...(limits ? limitedProgram(ceilingsOf(limits), execArgv) : { execArgv }) },
    hasPipe: true,
    // A process that dies at a limit prints many lines; the caller gets one sentence.
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

  /** Data that still comes belongs to a read that has ended, and must not reach any listener. */
  const leave = () => {
    isReady = false;
    listener = undefined;
  };
  child.pipe?.on('data', (chunk: Buffer) => listener?.onBytes(chunk));
  /** The pool learns about a lost process through `gone`. */
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
