import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { ChildLost } from '../../lib/child/child-lost.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { receiveError } from '../../lib/child/send-error.ts';
import { type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { namedErrors } from '../named-errors.ts';
import { limitedProgram } from './limited-program.ts';
import type { ReaderProtocol, ReadRequest, StreamEnd } from './reader-protocol.ts';

/** Ceilings that the operating system holds a reading process to. */
export interface ReaderLimits {
  /** What it may take beyond what it takes at rest, in bytes. */
  memoryBytes: number;
  /** What it takes at rest, in bytes; while that is not known, V8's heap alone has a ceiling. */
  atRestBytes?: number | undefined;
  /** Processor time over its life. */
  cpuSeconds: number;
}

/** The program of a reading process, and Node's options for it. */
export interface ReaderProgram extends ChildProgram {
  limits?: ReaderLimits | undefined;
  /** Lets all other processes go first, from its start on. */
  isBackground?: boolean | undefined;
  /** How it opens the archive, `usual` unless said. */
  mode?: ReadMode | undefined;
}

/** How a stream ended, or why a read has no value. */
export interface ReadEnd extends Omit<StreamEnd, 'error'> {
  error?: Error | undefined;
}

/** Who hears of a read under way. */
export interface ReaderListener {
  onNote(note: unknown): void;
  onBytes(chunk: Buffer): void;
  onValue(value: unknown): void;
  /** Its bytes may still be on their way. */
  onEnd(end: ReadEnd): void;
}

/** One reading process. */
export interface Reader {
  readonly pid: number | undefined;
  /** Whether it has come up, and was neither killed nor lost. */
  readonly isReady: boolean;
  /** The data that it took when it had come up, in bytes; undefined before, and where the system does not tell. */
  readonly atRestBytes: number | undefined;
  /** Who hears of the read under way; undefined where there is none. */
  listener: ReaderListener | undefined;
  ask(request: ReadRequest): void;
  /** Holds the bytes of a stream back, and lets them come again. */
  pause(): void;
  resume(): void;
  /** Lets all other processes go first from now on; there is no way back from that without privileges. */
  yieldToOthers(): void;
  /** Whether it did not from its start on, and does now. */
  readonly hasYielded: boolean;
  /** Ends it, whatever it does. Nobody hears of it any more. */
  kill(): void;
  /** Resolves once the process is gone, with how. */
  gone: Promise<string>;
}

/** Starts a reading process. `onReady` is told once, when it can be asked. */
export function startReader(program: ReaderProgram, archivePath: string, onReady: (reader: Reader) => void): Reader {
  const { path, execArgv = process.execArgv, limits, isBackground = false, mode = 'usual' } = program;
  let isReady = false;
  let atRestBytes: number | undefined;
  let hasYielded = false;
  let listener: ReaderListener | undefined;
  const child = startChild<ReaderProtocol>({
    args: [archivePath, mode],
    // Nothing of the environment: a reader needs no credentials, and can lose none.
    env: {},
    program: { path, ...(limits ? limitedProgram(ceilingsOf(limits), execArgv) : { execArgv }) },
    hasPipe: true,
    // What dies of a ceiling says so at length; the asker is told in a sentence.
    isMute: limits !== undefined,
    // Ctrl-C reaches the server alone, which then says when its readers end.
    isDetached: true,
    errors: namedErrors,
    onReady({ dataBytes }) {
      isReady = true;
      atRestBytes = dataBytes;
      onReady(reader);
    },
  });
  if (isBackground && child.pid !== undefined) lowerPriority(child.pid);

  /** What still comes is of a read that has ended, and must reach nobody. */
  const leave = () => {
    isReady = false;
    listener = undefined;
  };
  child.pipe?.on('data', (chunk: Buffer) => listener?.onBytes(chunk));
  /** Of one that is lost, the pool hears by `gone`. */
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
