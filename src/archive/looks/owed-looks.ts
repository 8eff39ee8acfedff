import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import { isFinal } from '../../model/final-status.ts';
import type { NormalizedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import type { FinalInvocation } from './final-invocations.ts';
import { LOOK_UNTIL_MS } from './look-window.ts';

/** An invocation that is owed a look of its own. */
export interface OwedLook extends FinalInvocation {
  /** How many invocations of its command are known. */
  knownInvocations: number;
}

/**
 * Prepares the statements once and returns a function to call for each recorded reply. If an invocation comes or ends
 * after the late look at its time span, the function notes that it is owed a look of its own. Every other invocation
 * costs one comparison.
 */
export function createLookDebtor(
  sqlite: Database,
): (
  source: SourceKey,
  observedAt: string,
  written: readonly { id: number | bigint; now: NormalizedInvocation }[],
) => void {
  const lookedTo = sqlite
    .prepare<unknown[], string>('SELECT looked_to_at FROM late_looks WHERE account_id = ? AND region = ?')
    .pluck();
  const owe = sqlite.prepare(
    'INSERT INTO late_looks_owed (invocation_id, account_id, region, requested_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return ({ accountId, region }, observedAt, written) => {
    const to = lookedTo.get(accountId, region);
    if (to === undefined) return;
    const from = isoFromMs(Date.parse(observedAt) - LOOK_UNTIL_MS);
    for (const { id, now } of written) {
      const { requestedAt, status } = now;
      if (requestedAt === null || requestedAt >= to || requestedAt < from || !isFinal(status)) continue;
      owe.run(id, accountId, region, requestedAt);
    }
  };
}

/** Notes that each of these invocations is owed a look of its own. */
export function oweLooks(
  sqlite: Database,
  { accountId, region }: SourceKey,
  invocations: readonly FinalInvocation[],
): void {
  const owe = prepareOnce<unknown[], never>(
    sqlite,
    'INSERT INTO late_looks_owed (invocation_id, account_id, region, requested_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { id, requestedAt } of invocations) owe.run(id, accountId, region, requestedAt);
}

/** The oldest invocations that are owed a look, up to a given number. */
export function listOwed(sqlite: Database, { accountId, region }: SourceKey, most: number): OwedLook[] {
  return prepareOnce<unknown[], OwedLook>(
    sqlite,
    `SELECT i.id, i.command_id AS commandId, i.instance_id AS instanceId, o.requested_at AS requestedAt,
            (SELECT count(*) FROM invocations known
              WHERE known.command_id = i.command_id AND known.account_id = i.account_id AND known.region = i.region) AS knownInvocations
       FROM late_looks_owed o INDEXED BY late_looks_owed_place JOIN invocations i ON i.id = o.invocation_id
      WHERE o.account_id = ? AND o.region = ? ORDER BY o.requested_at LIMIT ?`,
  ).all(accountId, region, most);
}

export function countOwed(sqlite: Database, { accountId, region }: SourceKey): number {
  return Number(
    prepareOnce<unknown[], number>(
      sqlite,
      'SELECT count(*) FROM late_looks_owed INDEXED BY late_looks_owed_place WHERE account_id = ? AND region = ?',
    )
      .pluck()
      .get(accountId, region),
  );
}

/** Removes invocations from the list, because they were looked at or never will be. */
export function settleOwed(sqlite: Database, ids: readonly number[]): void {
  const settle = prepareOnce<[number], never>(sqlite, 'DELETE FROM late_looks_owed WHERE invocation_id = ?');
  for (const id of ids) settle.run(id);
}

/**
 * Removes all invocations that were requested before a time from the list, and returns how many of them still existed.
 */
export function dropOwedBefore(sqlite: Database, { accountId, region }: SourceKey, beforeMs: number): number {
  const before = [accountId, region, isoFromMs(beforeMs)];
  const where = 'account_id = ? AND region = ? AND requested_at < ?';
  return prepareOnce<unknown[], never>(sqlite, `DELETE FROM late_looks_owed WHERE ${where}`).run(...before).changes;
}
