import type { Database } from 'better-sqlite3';
import { type CommandDetail, getCommand } from '../commands/get-command.ts';
import type { CommandKey } from '../commands/shown-command.ts';
import type { SealedDays, SealedPart } from '../sealed/sealed-days.ts';
import { hasSealedDays } from './in-snapshot.ts';

const PAST: readonly SealedPart[] = ['plugins', 'revisions', 'earlier_outputs'];

/** A summary of a command over all of its invocations, those of the archive and those of sealed days. */
export async function getAnyCommand(
  sqlite: Database,
  asked: CommandKey & { asOf?: string | undefined },
  sealed: SealedDays,
): Promise<CommandDetail | undefined> {
  const { accountId, region, commandId, asOf } = asked;
  const parts = asOf === undefined ? PAST.slice(0, 1) : PAST;
  const cold = hasSealedDays(sqlite) ? await sealed.bring(sqlite, { accountId, region, commandId }, parts) : undefined;
  return getCommand(cold ?? sqlite, asked);
}
