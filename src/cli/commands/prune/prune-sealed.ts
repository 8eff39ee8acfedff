import type { PruneRequest } from '../../../archive/prune/prune.ts';
import type { Config } from '../../../config/config.ts';
import type { PlannedDay } from '../../../lake/forget/plan-days.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { forgetApart, planForgetApart } from '../../../processes/lake/seal-apart.ts';
import type { ForgetOutcome } from '../../../processes/lake/sealer-protocol.ts';
import { openOwnLog } from '../../log/open-log.ts';
import type { Terminal } from '../../terminal.ts';
import { levelOf } from '../seal/level-of.ts';
import { createSealProgress } from '../seal/seal-progress.ts';
import type { Done } from './describe-prune.ts';

interface Asking {
  config: Config;
  terminal: Terminal;
  signal?: AbortSignal | undefined;
}

/**
 * Returns what a selection takes of sealed days. Throws UserFault if no lake is configured, since then nobody knows.
 * `floor` is the first day that is not sealed.
 */
export async function planSealed(
  { config, terminal, floor, signal }: Asking & { floor: string },
  { kind, selection }: Pick<PruneRequest, 'kind' | 'selection'>,
): Promise<PlannedDay[]> {
  if (!config.lake)
    throw new UserFault(
      `Days before ${floor} that were asked for are sealed, and no lake is configured: nothing was removed. Set SSM_ARCHIVE_LAKE to the folder or bucket with the sealed days, or give --from ${floor} to leave them out.`,
      { exitCode: 2 },
    );
  const logLevel = levelOf(openOwnLog(terminal, config));
  return planForgetApart({ config, logLevel, kind, selection }, { signal });
}

/** Prunes sealed days, and shows the progress. */
export async function pruneSealed(
  { config, terminal, signal }: Asking,
  { kind, selection, by, reason }: PruneRequest,
): Promise<ForgetOutcome> {
  const progress = createSealProgress(terminal);
  try {
    const logLevel = levelOf(openOwnLog(terminal, config));
    const task = { config, logLevel, kind, selection, by, reason };
    return await forgetApart(task, { signal, onProgress: progress.show });
  } finally {
    progress.end();
  }
}

/** Adds what was removed from sealed days to what was removed from the file. */
export function withSealed({ nothing: _, ...done }: Done, sealed: ForgetOutcome): Done {
  const { days, versions, signing, space, isStopped } = sealed;
  const sum = { invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0 };
  for (const of of [done, sealed])
    for (const what of ['invocations', 'states', 'outputs', 'commands', 'tombstones'] as const) sum[what] += of[what];
  return { ...sum, space, signing, isStopped, sealedDays: days, versions };
}
