import type { Database } from 'better-sqlite3';
import { rowEntry, type TableRow } from '../../ledger/entries/entries.ts';
import type { NormalizedInvocation, ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import type { SpreadRecorder } from './create-spread-recorder.ts';

interface Recorded {
  observed: ObservedInvocation;
  now: NormalizedInvocation;
}

/**
 * Prepares the statements once and returns a function that records the commands of a reply's written invocations, in
 * the reply's transaction. Until the command itself is listed, its facts come from the invocation that was seen first,
 * and its request time is the earliest request time of all its invocations.
 */
export function createCommandRecorder(
  sqlite: Database,
  spreads: Pick<SpreadRecorder, 'sentAtOf' | 'invocations'>,
): (source: SourceKey, observedAt: string, written: readonly Recorded[]) => string[] {
  const upsert = sqlite.prepare<unknown[], TableRow>(
    `INSERT INTO commands (account_id, region, command_id, document_name, document_version, comment, requested_at, first_seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, region, command_id) DO UPDATE SET requested_at = excluded.requested_at
      WHERE fingerprint IS NULL AND (requested_at IS NULL OR requested_at > excluded.requested_at)
     RETURNING *`,
  );
  return ({ accountId, region }, observedAt, written) => {
    const earliest = new Map<string, NormalizedInvocation>();
    const lastAts = new Map<string, string>();
    for (const { observed, now } of written) {
      const known = earliest.get(observed.commandId);
      if (!known || isBefore(now.requestedAt, known.requestedAt)) earliest.set(observed.commandId, now);
      if (now.requestedAt !== null && now.requestedAt > (lastAts.get(observed.commandId) ?? ''))
        lastAts.set(observed.commandId, now.requestedAt);
    }
    return [...earliest].flatMap(([commandId, { documentName, documentVersion, comment, requestedAt }]) => {
      const facts = [documentName, documentVersion, comment, requestedAt, observedAt];
      const source = { accountId, region };
      const before = spreads.sentAtOf(source, commandId);
      const row = upsert.get(accountId, region, commandId, ...facts);
      const sentAt = row ? requestedAt : (before ?? null);
      spreads.invocations(source, { commandId, sentAt, before, lastAt: lastAts.get(commandId) ?? null });
      return row ? [rowEntry('commands', row)] : [];
    });
  };
}

function isBefore(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || a < b);
}
