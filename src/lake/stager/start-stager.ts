import { ChildLost } from '../../lib/child/child-lost.ts';
import { type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import { explainLostProcess } from '../../lib/errors/too-many-files.ts';
import { programPath } from '../../lib/process/program-path.ts';
import type { StageFiles } from '../seal/stage-task.ts';
import type { StagerProtocol } from './stager-protocol.ts';

/** A process that writes the files of days, while this one removes the rows of the day before. */
export interface Stager {
  stage: StageFiles;
  /** Ends the process, whatever it does. */
  close(): Promise<void>;
}

/**
 * V8 gives new objects up to 16 MiB three times over. Rows live only a moment, so less is enough; with DuckDB's own
 * memory a seal would otherwise take more than a gigabyte.
 */
const LITTLE_MEMORY = '--max-semi-space-size=4';

/** Starts the process. Throws UserFault if DuckDB is missing. */
export async function startStager(program: ChildProgram = { path: programPath('stager') }): Promise<Stager> {
  const child = startChild<StagerProtocol>({
    program: { ...program, execArgv: [...(program.execArgv ?? process.execArgv), LITTLE_MEMORY] },
    errors: userFaults,
    // Ctrl-C reaches the process that seals, which then stops this one.
    isDetached: true,
    lost(how, cause) {
      const then = explainLostProcess(how) ?? 'Nothing is lost: the next seal goes on.';
      return new ChildLost(`The process that writes the files of a day ended early (${how}). ${then}`, { cause });
    },
  });
  try {
    await child.ask('load', undefined);
  } catch (error) {
    await child.end();
    throw error;
  }
  return {
    async stage(task, { signal, onStep }) {
      const stop = () => child.tell('stop', undefined);
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
      try {
        return (await child.ask('stage', task, onStep ? { step: onStep } : {})) ?? undefined;
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    close: () => child.end(),
  };
}
