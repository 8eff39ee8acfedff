import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { childErrors, relayErrors } from '../../lib/child-errors.ts';
import { killChild } from '../../lib/kill-child.ts';
import { noteOpenFileLimit } from '../../lib/too-many-files.ts';
import { limitedProgram } from './limited-program.ts';
import { type FromReader, type ReadRequest, STREAM_FD } from './messages.ts';

/** Ceilings that the operating system holds a reading process to. */
export interface ReaderLimits {
  /** What it may take beyond what it takes at rest, in bytes. */
  memoryBytes: number;
  /** What it takes at rest, in bytes; while that is not known, V8's heap alone has a ceiling. */
  atRestBytes?: number | undefined;
  /** Processor time over its life. */
  cpuSeconds: number;
}

/** The program of a reading process, and Node's options for it; without any, this process's own. */
export interface ReaderProgram {
  path: string;
  execArgv?: readonly string[] | undefined;
  limits?: ReaderLimits | undefined;
  /** Lets all other processes go first, from its start on. */
  isBackground?: boolean | undefined;
  /** How it opens the archive, `usual` unless said. */
  mode?: ReadMode | undefined;
}

/** What a reading process tells whoever it works for now. */
export interface ReaderListener {
  onMessage(message: FromReader): void;
  onBytes(chunk: Buffer): void;
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
export function forkReader(
  { path, execArgv = process.execArgv, limits, isBackground = false, mode = 'usual' }: ReaderProgram,
  archivePath: string,
  onReady: (reader: Reader) => void,
): Reader {
  noteOpenFileLimit();
  const child = fork(path, [archivePath, String(process.pid), mode], {
    // Nothing of the environment: a reader needs no credentials, and can lose none.
    env: {},
    ...(limits ? limitedProgram(ceilingsOf(limits), execArgv) : { execArgv: [...execArgv] }),
    // What dies of a ceiling says so at length; whoever asked is told in a sentence.
    stdio: ['ignore', 'ignore', limits ? 'ignore' : childErrors(), 'ipc', 'pipe'],
    // A group of its own: Ctrl-C reaches the server alone, which then says when its readers end.
    detached: true,
  });
  relayErrors(child);
  if (isBackground) lower(child.pid);
  let isReady = false;
  let atRestBytes: number | undefined;
  let hasYielded = false;
  let listener: ReaderListener | undefined;
  // Where no process could be made for want of descriptors there are no pipes either.
  const stream = child.stdio?.[STREAM_FD];
  const pipe = stream instanceof Socket ? stream : undefined;

  /** Whatever still comes is of a read that has ended, and must reach nobody. */
  const leave = () => {
    isReady = false;
    listener = undefined;
    pipe?.destroy();
  };
  const kill = () => {
    leave();
    killChild(child);
  };
  const gone = new Promise<string>((resolve) => {
    const end = (how: string) => {
      leave();
      resolve(how);
    };
    child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    // Without a process there is no exit; of one that can't be told anything the exit follows.
    child.on('error', (error) => (child.pid === undefined ? end(error.message) : kill()));
  });
  pipe?.on('data', (chunk: Buffer) => listener?.onBytes(chunk));
  pipe?.on('error', kill);

  const reader: Reader = {
    pid: child.pid,
    get isReady() {
      return isReady;
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
    ask: (request) => child.send(request, (error) => error && kill()),
    pause: () => pipe?.pause(),
    resume: () => pipe?.resume(),
    yieldToOthers() {
      hasYielded = true;
      lower(child.pid);
    },
    get hasYielded() {
      return hasYielded;
    },
    kill,
    gone,
  };
  child.on('message', (message: FromReader) => {
    if (message.kind !== 'ready') listener?.onMessage(message);
    else if (!child.killed) {
      isReady = true;
      atRestBytes = message.dataBytes;
      onReady(reader);
    }
  });
  return reader;
}

function ceilingsOf({ memoryBytes, atRestBytes, cpuSeconds }: ReaderLimits) {
  const dataBytes = atRestBytes === undefined ? undefined : atRestBytes + memoryBytes;
  return { dataBytes, heapBytes: memoryBytes, cpuSeconds };
}

function lower(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended in the meantime, which comes by its own way.
  }
}
