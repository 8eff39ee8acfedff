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
  /** Node's options; by default those of this process. */
  execArgv?: readonly string[] | undefined;
  /** A program that is started instead of Node and then starts Node. It gets Node's path in `execArgv`. */
  execPath?: string | undefined;
}

export interface ChildOptions<P extends Protocol> {
  program: ChildProgram;
  /** The program's arguments, from process.argv[2] on. This process's number follows them, for serveParent. */
  args?: readonly string[];
  /** The whole environment of the child. By default the environment of this process. */
  env?: Record<string, string>;
  /** `advanced` if the child's messages hold more than JSON can, such as bytes. */
  serialization?: 'json' | 'advanced';
  /** Whether the child has a pipe for bytes. */
  hasPipe?: boolean;
  /** Whether the child may write to this process's standard output. By default it may not. */
  inheritsOutput?: boolean;
  /** Whether the child's standard error is dropped. */
  isMute?: boolean;
  /** Whether the child has a process group of its own, so that Ctrl-C reaches only this process. */
  isDetached?: boolean;
  /** The errors of the child that keep their class in this process. */
  errors?: readonly NamedError[];
  /**
   * Makes the error for unanswered requests if the child exits unexpectedly or can't be started. `how` is a short text
   * that says how it ended; `cause` is the error from starting it, if there was one.
   */
  lost?(how: string, cause: Error | undefined): Error;
  /** Called once, when the child has started. */
  onReady?(ready: P['ready']): void;
}

export type Hear<P extends Protocol> = { [Name in keyof P['events']]?: (value: P['events'][Name]) => void };

/** A child process. Its functions never throw: if the child could not be started or is gone, questions reject. */
export interface Child<P extends Protocol> {
  /** Undefined if the child could not be started. */
  readonly pid: number | undefined;
  /** False as soon as the child is known to have ended, which may be before `gone` resolves. */
  readonly isAlive: boolean;
  /** The pipe to which the child writes bytes, if it has one. */
  readonly pipe: Socket | undefined;
  /**
   * Asks the child a question; `hear` receives its reports until the answer. Answers come in the order of the
   * questions. Rejects with the child's error (one of the named errors or a ChildError), with the reason given to
   * `end`, or with the error of `lost`.
   */
  ask<Name extends keyof P['asks']>(
    name: Name,
    input: InputOf<P['asks'][Name]>,
    hear?: Hear<P>,
  ): Promise<AnswerOf<P['asks'][Name]>>;
  /** Sends the child a message that is not a question. Does nothing if the child is gone. */
  tell<Name extends keyof P['tells']>(name: Name, value: P['tells'][Name]): void;
  /**
   * Kills the child, even one that hangs, and resolves once it is gone. Open questions then reject, with the reason if
   * one is given.
   */
  end(reason?: unknown): Promise<void>;
  /** Resolves with how the child ended, after its last message was handled. */
  readonly gone: Promise<string>;
}

interface Question<P extends Protocol> {
  hear: Hear<P>;
  resolve(value: AnswerOf<P['asks'][keyof P['asks']]>): void;
  reject(error: unknown): void;
}

/** Starts a child process. Its program calls serveParent with the same protocol. */
export function startChild<P extends Protocol>(options: ChildOptions<P>): Child<P> {
  const { lost = (how, cause) => new ChildLost(`A child process ended before its answer (${how}).`, { cause }) } =
    options;
  const child = forkProgram(options);
  // If no process could be started because file descriptors ran out, there are no pipes either.
  const stream = child.stdio?.[PIPE_FD];
  const pipe = stream instanceof Socket ? stream : undefined;
  const questions: Question<P>[] = [];
  let isEnding = false;
  let reason: unknown;
  /** The error of all open questions, set once the child is gone. */
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
  // With unread data in the pipe, `close` would never be emitted.
  if (pipe) child.on('exit', () => pipe.destroy());
  pipe?.on('error', kill);

  child.on('message', (message: FromChild<P>) => {
    // After `end` with a reason, questions get no answers any more.
    if (reason !== undefined) return;
    if (message.kind !== 'ready') hearMessage(message, questions, options.errors ?? []);
    else if (!isEnding) options.onReady?.(message.value);
  });

  // A child that could not be started can't receive messages, and a child that is ending refuses them. `gone` reports
  // both cases.
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

/**
 * Resolves with how a child process ended, or why it could not start. The `exit` event may come before the last
 * message, so this waits for `close`.
 */
function endOf(child: ChildProcess, kill: () => void): Promise<{ how: string; cause?: Error }> {
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ how: signal ?? `exit code ${code}` }));
    // If no process was started, there is no `close` event. If only a message could not be sent, the child is killed
    // and `close` follows.
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
