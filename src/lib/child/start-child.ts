import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import { noteOpenFileLimit } from '../errors/too-many-files.ts';
import { childErrors, relayErrors } from './child-errors.ts';
import { ChildLost } from './child-lost.ts';
import { killChild } from './kill-child.ts';
import type { NamedError } from './named-error.ts';
import {
  type AnswerOf,
  type EventMessage,
  type FromChild,
  type InputOf,
  type OutcomeMessage,
  PIPE_FD,
  type Protocol,
  type ToChild,
} from './protocol.ts';
import { receiveError } from './send-error.ts';

/** The program of a child process, and Node's options for it. */
export interface ChildProgram {
  path: string;
  /** Those of this process unless given. */
  execArgv?: readonly string[] | undefined;
  /** What is started in place of Node, and finds Node's own path in `execArgv`. */
  execPath?: string | undefined;
}

export interface ChildOptions<P extends Protocol> {
  program: ChildProgram;
  /** What the program finds from process.argv[2] on. This process's number comes behind them, for serveParent. */
  args?: readonly string[];
  /** All that it has of an environment; this process's own unless given. */
  env?: Record<string, string>;
  /** `advanced` where its messages have more than JSON can hold, such as bytes. */
  serialization?: 'json' | 'advanced';
  /** Whether it has a pipe for bytes. */
  hasPipe?: boolean;
  /** Whether it may write to this process's standard output; it may not, unless said. */
  inheritsOutput?: boolean;
  /** Whether nobody hears what it writes to standard error. */
  isMute?: boolean;
  /** Whether it is a process group of its own: Ctrl-C reaches this process alone then. */
  isDetached?: boolean;
  /** The errors that it may answer with, and that are to be of their own class here. */
  errors?: readonly NamedError[];
  /** What its questions reject with where it ends by itself, `how` in few words, or could not be started for that cause. */
  lost?(how: string, cause: Error | undefined): Error;
  /** Told once, when it has come up. */
  onReady?(ready: P['ready']): void;
}

export type Hear<P extends Protocol> = { [Name in keyof P['events']]?: (value: P['events'][Name]) => void };

/** A child process. Nothing of it throws: where it can't be started, or is gone, its questions reject. */
export interface Child<P extends Protocol> {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** False as soon as it is known to have ended, which may be before `gone`. */
  readonly isAlive: boolean;
  /** The pipe that it writes bytes to, where it has one. */
  readonly pipe: Socket | undefined;
  /**
   * Asks it something, and hears what it says meanwhile. Answers come in the order of the questions. Rejects with the error
   * that it answers with (one of the named ones, or a ChildError), with what `end` was given, or with `lost`'s error.
   */
  ask<Name extends keyof P['asks']>(
    name: Name,
    input: InputOf<P['asks'][Name]>,
    hear?: Hear<P>,
  ): Promise<AnswerOf<P['asks'][Name]>>;
  /** Tells it something; nothing comes of it where it is gone. */
  tell<Name extends keyof P['tells']>(name: Name, value: P['tells'][Name]): void;
  /** Kills it, whatever it does, and resolves once it is gone. Questions without an answer reject then: with the reason, if one is given. */
  end(reason?: unknown): Promise<void>;
  /** Resolves once it is gone, with how, and its last message was heard. */
  readonly gone: Promise<string>;
}

interface Question<P extends Protocol> {
  hear: Hear<P>;
  resolve(value: AnswerOf<P['asks'][keyof P['asks']]>): void;
  reject(error: unknown): void;
}

/** Starts a child process, whose program calls serveParent for the same protocol. */
export function startChild<P extends Protocol>(options: ChildOptions<P>): Child<P> {
  const { lost = (how, cause) => new ChildLost(`A child process ended before its answer (${how}).`, { cause }) } =
    options;
  const child = forkProgram(options);
  // Where no process could be made for want of descriptors there are no pipes either.
  const stream = child.stdio?.[PIPE_FD];
  const pipe = stream instanceof Socket ? stream : undefined;
  const questions: Question<P>[] = [];
  let isEnding = false;
  let reason: unknown;
  /** Once it is gone, what its questions reject with. */
  let loss: { error: unknown } | undefined;

  const kill = () => {
    pipe?.destroy();
    killChild(child);
  };
  const gone = endOf(child, kill).then(({ how, cause }) => {
    loss = { error: reason ?? lost(how, cause) };
    for (const { reject } of questions.splice(0)) reject(loss.error);
    return how;
  });
  // What nobody has read of the pipe would keep the child from closing.
  if (pipe) child.on('exit', () => pipe.destroy());
  pipe?.on('error', kill);

  child.on('message', (message: FromChild<P>) => {
    // What was given up for a reason gets no answer any more.
    if (reason !== undefined) return;
    if (message.kind !== 'ready') hearMessage(message, questions, options.errors ?? []);
    else if (!isEnding) options.onReady?.(message.value);
  });

  // A child that could not be made has no way to take a message, and one that is going takes none: `gone` tells of both.
  const send = (message: ToChild<P>, failed: () => void) =>
    child.connected && child.send(message, (error) => error && failed());

  return {
    pid: child.pid,
    get isAlive() {
      return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    },
    pipe,
    gone,
    ask: (name, input, hear = {}) =>
      new Promise((resolve, reject) => {
        if (loss) return reject(loss.error);
        questions.push({ hear, resolve, reject });
        send({ kind: 'ask', name, input }, kill);
      }),
    tell(name, value) {
      send({ kind: 'tell', name, value }, () => {});
    },
    async end(why) {
      [reason, isEnding] = [reason ?? why, true];
      kill();
      await gone;
    },
  };
}

function hearMessage<P extends Protocol>(
  message: EventMessage<P> | OutcomeMessage<P>,
  questions: Question<P>[],
  errors: readonly NamedError[],
): void {
  function hearEvent<Name extends keyof P['events']>(name: Name, value: P['events'][Name]): void {
    questions[0]?.hear[name]?.(value);
  }
  if (message.kind === 'event') hearEvent(message.name, message.value);
  else if (message.kind === 'answer') questions.shift()?.resolve(message.value);
  else questions.shift()?.reject(receiveError(message.error, errors));
}

/** How a child process ended, once its last message is heard, which an exit may come before; or why there is none. */
function endOf(child: ChildProcess, kill: () => void): Promise<{ how: string; cause?: Error }> {
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ how: signal ?? `exit code ${code}` }));
    // Without a process nothing closes; of one that can't be told anything the end follows.
    child.on('error', (error) => (child.pid === undefined ? resolve({ how: error.message, cause: error }) : kill()));
  });
}

function forkProgram<P extends Protocol>(options: ChildOptions<P>): ChildProcess {
  const { program, args = [], env, serialization = 'json' } = options;
  noteOpenFileLimit();
  const child = fork(program.path, [...args, String(process.pid)], {
    ...(env && { env }),
    ...(program.execPath !== undefined && { execPath: program.execPath }),
    execArgv: [...(program.execArgv ?? process.execArgv)],
    serialization,
    stdio: [
      'ignore',
      options.inheritsOutput ? 'inherit' : 'ignore',
      options.isMute ? 'ignore' : childErrors(),
      'ipc',
      ...(options.hasPipe ? ['pipe' as const] : []),
    ],
    detached: options.isDetached ?? false,
  });
  relayErrors(child);
  return child;
}
