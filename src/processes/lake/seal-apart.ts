import type { PlannedDay } from '../../lake/forget/plan-days.ts';
import { ChildLost } from '../../lib/child/child-lost.ts';
import { type Child, type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { explainLostProcess } from '../../lib/errors/too-many-files.ts';
import { programPath } from '../../lib/process/program-path.ts';
import {
  type ForgetOutcome,
  type ForgetTask,
  type PlanForgetTask,
  type SealerProtocol,
  type SealOutcome,
  type SealProgress,
  type SealTask,
  sealErrors,
  type UnsealOutcome,
  type UnsealTask,
} from './sealer-protocol.ts';

export interface SealApartOptions {
  program?: ChildProgram | undefined;
  /** When it aborts, the process stops after the part that is under way. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: SealProgress) => void) | undefined;
}

/**
 * Seals the ripe days of an archive in a process of its own, which has ended when the promise settles. DuckDB is in that
 * process alone: a crash of it ends only the seal, and the next one goes on. Rejects with SealRunning, UserFault,
 * ArchiveMoved and ChildLost.
 */
export function sealApart(task: SealTask, options: SealApartOptions): Promise<SealOutcome> {
  return apart(options, (sealer, hear) => sealer.ask('seal', task, hear));
}

/** Brings the rows of a sealed day back, in a process of its own. Rejects with the same errors as sealApart. */
export function unsealApart(task: UnsealTask, options: SealApartOptions): Promise<UnsealOutcome> {
  return apart(options, (sealer, hear) => sealer.ask('unseal', task, hear));
}

/** Says what a selection takes of sealed days, in a process of its own. Rejects with the same errors as sealApart. */
export function planForgetApart(task: PlanForgetTask, options: SealApartOptions): Promise<PlannedDay[]> {
  return apart(options, (sealer, hear) => sealer.ask('planForget', task, hear));
}

/** Prunes sealed days in a process of its own. Rejects with the same errors as sealApart, and with PassRunning. */
export function forgetApart(task: ForgetTask, options: SealApartOptions): Promise<ForgetOutcome> {
  return apart(options, (sealer, hear) => sealer.ask('forget', task, hear));
}

async function apart<Outcome>(
  { program = { path: programPath('sealer') }, signal, onProgress }: SealApartOptions,
  ask: (sealer: Child<SealerProtocol>, hear: { progress?(progress: SealProgress): void }) => Promise<Outcome>,
): Promise<Outcome> {
  const sealer = startChild<SealerProtocol>({
    ...{ program, errors: sealErrors, isDetached: true },
    lost(how) {
      const then =
        explainLostProcess(how) ?? 'Nothing is lost: what it had sealed is sealed, and the next seal goes on.';
      return new ChildLost(`The sealing process ended early (${how}). ${then}`);
    },
  });
  const kill = () => void sealer.end();
  const stop = () => sealer.tell('stop', undefined);
  process.once('exit', kill);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await ask(sealer, onProgress ? { progress: onProgress } : {});
  } finally {
    signal?.removeEventListener('abort', stop);
    process.off('exit', kill);
    await sealer.gone;
  }
}
