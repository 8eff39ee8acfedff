import { fork } from 'node:child_process';
import type { Config } from '../../config/config.ts';
import { childErrors, relayErrors } from '../../lib/child-errors.ts';
import type { FileIdentity } from '../../lib/identify-file.ts';
import { killChild } from '../../lib/kill-child.ts';
import type { LogLevel } from '../../lib/logger.ts';
import { explainLostProcess, noteOpenFileLimit } from '../../lib/too-many-files.ts';
import type { PassSummary } from '../run-pass.ts';
import type { FromCollector, PassFailure, PlacedSource, ToCollector } from './collector-messages.ts';

/** The program of a collector process, and Node's options for it; without any, this process's own. */
export interface CollectorProgram {
  path: string;
  execArgv?: readonly string[] | undefined;
}

/** How a pass in a process of its own ended. `died`: the process did, before it could say anything. */
export type PassEnd =
  | { kind: 'ended'; summary: PassSummary }
  | { kind: 'failed'; failure: PassFailure }
  | { kind: 'died'; sentence: string };

export interface ForkedPass {
  pid: number | undefined;
  /** Once the process is gone; never rejects. */
  ended: Promise<PassEnd>;
  /** Ends the pass after the pages in flight; kills the process if that takes longer. */
  stop(graceMs: number): void;
}

interface ForkOptions {
  program: CollectorProgram;
  config: Config;
  logLevel: LogLevel;
  /** The files that the archive must have when the pass opens it. */
  file: FileIdentity;
  onBegin(runId: number): void;
  onProgress(sources: PlacedSource[]): void;
}

/**
 * Runs one pass in a process of its own, which ends with it: its writes and fsyncs hold nobody up here, and whatever
 * kills it takes that pass alone along. It writes its log to this process's standard error.
 */
export function forkPass({ program, config, logLevel, file, onBegin, onProgress }: ForkOptions): ForkedPass {
  noteOpenFileLimit();
  const child = fork(program.path, [], {
    ...(program.execArgv && { execArgv: [...program.execArgv] }),
    stdio: ['ignore', 'inherit', childErrors(), 'ipc'],
    // A group of its own: Ctrl-C reaches this process alone, which then says when the pass ends.
    detached: true,
  });
  relayErrors(child);
  const kill = () => killChild(child);
  process.once('exit', kill);
  // A child that is going takes no more messages, and one that could not be made has no way to take any: `ended` tells of both.
  const send = (message: ToCollector) => child.connected && child.send(message, () => {});
  let killing: NodeJS.Timeout | undefined;

  const ended = new Promise<PassEnd>((resolve) => {
    let end: PassEnd | undefined;
    child.on('message', (message: FromCollector) => {
      if (message.kind === 'begun') onBegin(message.runId);
      else if (message.kind === 'progress') onProgress(message.sources);
      else end = message;
    });
    const settle = (how: string) => {
      clearTimeout(killing);
      process.off('exit', kill);
      const then = explainLostProcess(how) ?? 'What it had recorded stands, and the next pass goes on from there.';
      resolve(end ?? { kind: 'died', sentence: `The collector process ended early (${how}). ${then}` });
    };
    // After its last message, which an exit may come before.
    child.on('close', (code, signal) => settle(signal ?? `exit code ${code}`));
    child.on('error', (error) => {
      if (child.pid === undefined) settle(error.message);
    });
  });
  send({ kind: 'collect', config, logLevel, file });

  return {
    pid: child.pid,
    ended,
    stop(graceMs) {
      send({ kind: 'stop' });
      killing ??= setTimeout(kill, graceMs);
    },
  };
}
