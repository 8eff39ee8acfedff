import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';

/** A command of which the archive has fewer invocations, or fewer finished ones, than ListCommands said. */
export interface ShortCommand {
  commandId: string;
  requestedAt: string;
  status: string | null;
  targetCount: number | null;
  completedCount: number | null;
  invocations: number;
  finishedInvocations: number;
}

/** Counts about the commands that were requested in a span, by the service and by the archive. */
export interface ReconciledCounts {
  commands: number;
  /** The number of commands for which ListCommands returned counts. The sums below include only these commands. */
  countedCommands: number;
  targetCount: number;
  completedCount: number;
  invocations: number;
  finishedInvocations: number;
  shortCommands: ShortCommand[];
  /** How many commands with missing invocations are not listed in `shortCommands`. */
  moreShortCommands: number;
}

/**
 * Compares the service's counts of commands with the invocations of an account and region. Lists up to `most` commands
 * of which the archive has too few invocations, oldest first.
 */
export function reconcileCounts(
  sqlite: Database,
  { accountId, region, span, most }: SourceKey & { span: Span; most: number },
): ReconciledCounts {
  const counts: ReconciledCounts = {
    ...{ commands: 0, countedCommands: 0, targetCount: 0, completedCount: 0, invocations: 0, finishedInvocations: 0 },
    ...{ shortCommands: [], moreShortCommands: 0 },
  };
  for (const { unfinished, ...command } of commandsOf(sqlite, { accountId, region, span })) {
    counts.commands += 1;
    if (command.targetCount === null && command.completedCount === null) continue;
    const found: ShortCommand = { ...command, finishedInvocations: command.invocations - unfinished };
    const targets = found.targetCount ?? 0;
    const completed = found.completedCount ?? 0;
    counts.countedCommands += 1;
    counts.targetCount += targets;
    counts.completedCount += completed;
    counts.invocations += found.invocations;
    counts.finishedInvocations += found.finishedInvocations;
    if (found.invocations >= targets && found.finishedInvocations >= completed) continue;
    if (counts.shortCommands.length < most) counts.shortCommands.push(found);
    else counts.moreShortCommands += 1;
  }
  return counts;
}

type CommandRow = Omit<ShortCommand, 'finishedInvocations'> & { unfinished: number };

function commandsOf(
  sqlite: Database,
  { accountId, region, span }: SourceKey & { span: Span },
): IterableIterator<CommandRow> {
  return prepareOnce<unknown[], CommandRow>(
    sqlite,
    `SELECT c.command_id AS commandId, c.requested_at AS requestedAt, c.status, c.target_count AS targetCount,
            c.completed_count AS completedCount,
            (SELECT count(*) FROM invocations i INDEXED BY invocations_key
              WHERE i.command_id = c.command_id AND i.account_id = c.account_id AND i.region = c.region)
              + ${sealedInvocationsOf('c')} AS invocations,
            (SELECT count(*) FROM invocations i INDEXED BY invocations_unfinished
              WHERE i.account_id = c.account_id AND i.region = c.region AND i.command_id = c.command_id
                AND ${isUnfinished('i.status')}) AS unfinished
       FROM commands c WHERE c.account_id = ? AND c.region = ? AND c.requested_at >= ? AND c.requested_at < ?
      ORDER BY c.requested_at, c.command_id`,
  ).iterate(accountId, region, isoFromMs(span.from), isoFromMs(span.to));
}
