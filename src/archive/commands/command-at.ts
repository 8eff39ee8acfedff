import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isFinal } from '../../model/final-status.ts';
import type { PastTables } from '../invocations/as-of.ts';
import { commandStateAt } from './command-states.ts';
import { type CommandRow, type CommandView, commandView, createCommandCounter } from './command-view.ts';
import { getSender } from './get-sender.ts';
import type { CommandKey } from './shown-command.ts';

/**
 * Returns a command as the archive knew it at `asOf` (ISO time), with its invocations of that time, which are added to
 * `past`. Undefined if the archive had not seen it by then. `row` is the command as last seen.
 */
export function commandAt(sqlite: Database, row: CommandRow, asOf: string, past: PastTables): CommandView | undefined {
  const { accountId, region, commandId } = row;
  const key = { accountId, region, commandId };
  const then = commandStateAt(sqlite, key, asOf);
  if (!then) return undefined;
  for (const seq of revisionsAt(sqlite, key, asOf)) past.addRevision(seq);
  const view = commandView(row, createCommandCounter(sqlite, past)(key), getSender(sqlite, key));
  const missingInvocations = missingAt(then.state, view, {
    ...{ targetCount: row.targetCount, missingInvocations: row.missingInvocations },
    invocations: createCommandCounter(sqlite)(key).invocations,
  });
  return { ...view, ...then.state, isListed: then.seenIn === 'ListCommands', missingInvocations };
}

type Counted = Pick<CommandView, 'targetCount' | 'missingInvocations' | 'invocations'>;

/**
 * How many invocations the archive had not seen yet at a past time. Null if that is not known: while the command ran,
 * and if some were pruned since, because nobody can say when those had been seen.
 */
function missingAt(
  { targetCount, status }: Pick<CommandView, 'targetCount' | 'status'>,
  { invocations }: Pick<CommandView, 'invocations'>,
  now: Counted,
): number | null {
  if (targetCount === null || !isFinal(status)) return null;
  const missing = Math.max(0, targetCount - invocations);
  const isPruned =
    now.targetCount !== null &&
    now.missingInvocations !== null &&
    now.invocations + now.missingInvocations < now.targetCount;
  return isPruned && missing > 0 ? null : missing;
}

/** The `seq` of the last state of each of a command's invocations at a time. */
function revisionsAt(sqlite: Database, { accountId, region, commandId }: CommandKey, asOf: string): number[] {
  return prepareOnce<[object], number>(
    sqlite,
    `SELECT (SELECT max(r.seq) FROM revisions r WHERE r.invocation_id = i.id AND r.observed_at <= :asOf) AS seq
       FROM invocations i INDEXED BY invocations_key
      WHERE i.command_id = :commandId AND i.account_id = :accountId AND i.region = :region AND seq IS NOT NULL`,
  )
    .pluck()
    .all({ accountId, region, commandId, asOf });
}
