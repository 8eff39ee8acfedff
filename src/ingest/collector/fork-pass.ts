import { ChildLost } from '../../lib/child/child-lost.ts';
import { type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { explainLostProcess } from '../../lib/errors/too-many-files.ts';
import type { PlacedSource } from '../progress/pass-event.ts';
import type { PassSummary } from '../run-pass.ts';
import { type CollectorProtocol, type CollectorTask, passErrors } from './collector-protocol.ts';

/** How a pass in a process of its own ended. `died`: its process ended before it could report. */
export type PassEnd =
  | { kind: 'ended'; summary: PassSummary }
  | { kind: 'failed'; failure: Error }
  | { kind: 'died'; sentence: string };

export interface ForkedPass {
  pid: number | undefined;
  /** Resolves once the process is gone; never rejects. */
  ended: Promise<PassEnd>;
  /** Ends the pass after the replies in flight, and kills the process if that takes too long. */
  stop(graceMs: number): void;
}

interface ForkOptions extends CollectorTask {
  program: ChildProgram;
  onBegin(runId: number): void;
  onProgress(sources: PlacedSource[]): void;
}

/**
 * Runs one pass in a process of its own, so that its writes and fsyncs delay nothing here and a crash ends only that
 * pass. The process writes its log to this process's standard error.
 */
export function forkPass({ program, onBegin, onProgress, ...task }: ForkOptions): ForkedPass {
  const collector = startChild<CollectorProtocol>({
    ...{ program, errors: passErrors, inheritsOutput: true, isDetached: true },
    lost(how) {
      const then = explainLostProcess(how) ?? 'What it had recorded is kept, and the next pass goes on from there.';
      return new ChildLost(`The collector process ended early (${how}). ${then}`);
    },
  });
  const kill = () => void collector.end();
  process.once('exit', kill);
  let killing: NodeJS.Timeout | undefined;

  async function run(): Promise<PassEnd> {
    try {
      const hear = { begun: ({ runId }: { runId: number }) => onBegin(runId), progress: onProgress };
      return { kind: 'ended', summary: await collector.ask('collect', task, hear) };
    } catch (error) {
      if (error instanceof ChildLost) return { kind: 'died', sentence: error.message };
      return { kind: 'failed', failure: error instanceof Error ? error : new Error(String(error)) };
    } finally {
      await collector.gone;
      clearTimeout(killing);
      process.off('exit', kill);
    }
  }

  return {
    pid: collector.pid,
    ended: run(),
    stop(graceMs) {
      collector.tell('stop', undefined);
      killing ??= setTimeout(kill, graceMs);
    },
  };
}
