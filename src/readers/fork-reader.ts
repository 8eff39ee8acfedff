import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import type { FromReader, ReadRequest } from './messages.ts';

/** The program of a reading process, and how Node runs it. */
export interface ReaderProgram {
  path: string;
  execArgv?: readonly string[] | undefined;
}

/** What a reading process tells whoever it works for now. */
export interface ReaderListener {
  onMessage(message: FromReader): void;
  onBytes(chunk: Buffer): void;
}

/** One reading process. */
export interface Reader {
  isReady: boolean;
  /** Who hears of the read under way; undefined where there is none. */
  listener: ReaderListener | undefined;
  ask(request: ReadRequest): void;
  /** Holds the bytes of a stream back, and lets them come again. */
  pause(): void;
  resume(): void;
  kill(): void;
}

/** Starts a reading process. `onExit` is told once, whatever ended it; `onReady` when it can be asked. */
export function forkReader(
  { path, execArgv = [] }: ReaderProgram,
  archivePath: string,
  { onReady, onExit }: { onReady(): void; onExit(): void },
): Reader {
  // Nothing of the environment: a reader needs no credentials, and can lose none.
  const child: ChildProcess = fork(path, [archivePath], {
    env: {},
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
  });
  const pipe = child.stdio[4];
  if (!(pipe instanceof Socket)) throw new Error('The reader has no pipe.');
  const reader: Reader = {
    isReady: false,
    listener: undefined,
    ask: (request) => child.send(request),
    pause: () => pipe.pause(),
    resume: () => pipe.resume(),
    kill: () => child.kill('SIGKILL'),
  };
  let isGone = false;
  const gone = () => {
    if (isGone) return;
    isGone = true;
    reader.isReady = false;
    onExit();
  };
  child.on('message', (message: FromReader) => {
    if (message.kind === 'ready') {
      reader.isReady = true;
      onReady();
    } else reader.listener?.onMessage(message);
  });
  pipe.on('data', (chunk: Buffer) => reader.listener?.onBytes(chunk));
  pipe.on('error', () => reader.kill());
  child.on('exit', gone);
  child.on('error', gone);
  return reader;
}
