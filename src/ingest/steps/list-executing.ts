import { rememberExecuting } from '../../archive/record/unfinished-commands.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { ObservedCommand } from '../../model/observed-command.ts';
import { OperationUnknown } from '../../upstream/errors.ts';
import { collectListings } from '../collect-listings.ts';
import { classifyFailure } from '../list/classify-failure.ts';
import { executingListing } from '../plan/plan-pass.ts';
import { type SourcePass, timesOf } from '../source-pass.ts';

/**
 * Whether it is known which commands execute. `unknown`: the service has no ListCommands, so later steps make more
 * calls instead. `failed`: the commands could not be listed, so nothing may count as covered.
 */
export type ExecutingKnown = 'known' | 'unknown' | 'failed';

interface ListedExecuting {
  executing: ExecutingKnown;
  /** The ids of all commands that were shown. */
  commandIds: readonly string[];
  errors: readonly string[];
  warnings: readonly string[];
}

/**
 * Lists the commands that execute now, and remembers them. Without permission for that, the pass goes on: invocations
 * can still be collected.
 */
export async function listExecuting(pass: SourcePass, begunAtMs: number): Promise<ListedExecuting> {
  const commands = new Map<string, ObservedCommand>();
  const nothing = { commandIds: [], errors: [], warnings: [] };
  const errors: string[] = [];
  try {
    for await (const event of collectListings(pass, [executingListing(timesOf(pass, begunAtMs))])) {
      if (event.kind === 'recorded') for (const command of event.commands) commands.set(command.commandId, command);
      else if (event.sentence !== undefined) errors.push(event.sentence);
    }
  } catch (error) {
    if (error instanceof OperationUnknown) {
      const warning = `This service does not know ListCommands (${error.message}): in each pass, all unfinished commands are listed completely.`;
      return { ...nothing, executing: 'unknown', warnings: [warning] };
    }
    const { kind, sentence } = classifyFailure(error);
    if (kind !== 'source' && kind !== 'failed') throw error;
    return { ...nothing, executing: 'failed', errors: [sentence] };
  }
  if (errors.length > 0) return { ...nothing, executing: 'failed', errors };
  rememberExecuting(pass.db.sqlite, pass.source, [...commands.values()], isoFromMs(pass.now().getTime()));
  return { ...nothing, executing: 'known', commandIds: [...commands.keys()] };
}
