import { fork } from 'node:child_process';
import type { Verdict } from '../../archive/verify/judge-parts.ts';
import type { VerifiedPart, VerifyTask } from '../../archive/verify/verify-task.ts';
import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { childErrors, relayErrors } from '../../lib/child-errors.ts';
import { killChild } from '../../lib/kill-child.ts';
import { programPath } from '../../lib/program-path.ts';
import { explainLostProcess, noteOpenFileLimit } from '../../lib/too-many-files.ts';
import { UserFault } from '../../lib/user-fault.ts';
import type { FromVerifier, Known, ToVerifier } from './verifier-messages.ts';

/** A process that verifies parts of an archive, one after the other. */
export interface Verifier {
  /** Starts its transaction anew, and gives the size of the ledger that it sees. */
  begin(): Promise<number>;
  verify(task: VerifyTask, onLeaves: (count: number) => void): Promise<VerifiedPart>;
  /** All parts, one after the other, and what they come to. */
  verifyWhole(known: Known): Promise<Verdict>;
  /** Kills it. Resolves once it is gone. */
  end(): Promise<void>;
}

/** The program of a verifying process, and Node's options for it. */
export interface VerifierProgram {
  path: string;
  execArgv?: readonly string[];
  /** How it opens the archive, `usual` unless said. */
  mode?: ReadMode;
}

function lostError(how: string): Error {
  const remedy = explainLostProcess(how);
  const sentence = `A verifying process ended with ${how}.`;
  return remedy === undefined ? new Error(sentence) : new UserFault(`${sentence} ${remedy}`);
}

/** Starts a verifying process. Whatever it is asked rejects where it dies. */
export function forkVerifier(
  archivePath: string,
  { path, execArgv = process.execArgv, mode = 'usual' }: VerifierProgram = { path: programPath('verifier') },
): Verifier {
  noteOpenFileLimit();
  const child = fork(path, [archivePath, mode], {
    env: {},
    execArgv: [...execArgv],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', childErrors(), 'ipc'],
  });
  relayErrors(child);
  let hear: ((message: FromVerifier) => void) | undefined;
  let lose: ((error: Error) => void) | undefined;
  let lost: Error | undefined;
  let isEnding = false;
  let neverReady: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    neverReady = reject;
    child.on('message', (message: FromVerifier) => (message.kind === 'ready' ? resolve() : hear?.(message)));
  });
  // It may be lost before it is asked anything.
  ready.catch(() => {});
  const end = (error: Error) => {
    lost ??= error;
    lose?.(error);
    neverReady(error);
  };
  const gone = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
  child.on('error', end);
  child.on('exit', (code, signal) => {
    if (!isEnding) end(lostError(signal ?? `exit code ${code}`));
  });

  async function ask<Answer>(message: ToVerifier, read: (answer: FromVerifier) => Answer | undefined): Promise<Answer> {
    await ready;
    return new Promise((resolve, reject) => {
      if (lost) {
        reject(lost);
        return;
      }
      lose = reject;
      hear = (answer) => {
        if (answer.kind === 'failed') reject(new Error(answer.message));
        const value = read(answer);
        if (value !== undefined) resolve(value);
      };
      child.send(message);
    });
  }

  return {
    begin: () => ask({ kind: 'begin' }, (answer) => (answer.kind === 'begun' ? answer.size : undefined)),
    verify: (task, onLeaves) =>
      ask({ kind: 'verify', task }, (answer) => {
        if (answer.kind === 'leaves') onLeaves(answer.count);
        return answer.kind === 'verified' ? answer.part : undefined;
      }),
    verifyWhole: (known) =>
      ask({ kind: 'whole', known }, (answer) => (answer.kind === 'judged' ? answer.verdict : undefined)),
    end() {
      isEnding = true;
      killChild(child);
      return gone;
    },
  };
}
