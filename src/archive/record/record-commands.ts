import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import type { NormalizedInvocation, ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import { createShortRecorder } from './create-short-recorder.ts';
import type { SpreadRecorder } from './create-spread-recorder.ts';
import type { NewCommandState } from './record-command-states.ts';

/** The members of a command that its invocations show. */
type KnownFacts = Pick<NormalizedInvocation, 'documentName' | 'documentVersion' | 'comment' | 'requestedAt'>;

interface Recorded {
  observed: ObservedInvocation;
  now: NormalizedInvocation;
  /** Whether the archive did not have the invocation before. */
  isNew: boolean;
}

/**
 * Prepares the statements once and returns a function that records the commands of a reply's written invocations, in
 * the reply's transaction. Until the command itself is listed, its facts come from the invocation that was seen first,
 * and its request time is the earliest request time of all its invocations.
 */
export function createCommandRecorder(
  sqlite: Database,
  spreads: Pick<SpreadRecorder, 'sentAtOf' | 'invocations'>,
): (source: SourceKey, observedAt: string, written: readonly Recorded[]) => NewCommandState[] {
  const upsert = sqlite.prepare<unknown[], KnownFacts>(
    `INSERT INTO commands (account_id, region, command_id, document_name, document_version, comment, requested_at, first_seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, region, command_id) DO UPDATE SET requested_at = excluded.requested_at
      WHERE fingerprint IS NULL AND excluded.requested_at IS NOT NULL AND (requested_at IS NULL OR requested_at > excluded.requested_at)
     RETURNING document_name AS documentName, document_version AS documentVersion, comment, requested_at AS requestedAt`,
  );
  const shorts = createShortRecorder(sqlite);
  return ({ accountId, region }, observedAt, written) => {
    const earliest = new Map<string, NormalizedInvocation>();
    const lastAts = new Map<string, string>();
    const added = new Map<string, number>();
    for (const { observed, now, isNew } of written) {
      if (isNew) added.set(observed.commandId, (added.get(observed.commandId) ?? 0) + 1);
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
      shorts.invocations(source, commandId, added.get(commandId) ?? 0);
      spreads.invocations(source, { commandId, sentAt, before, lastAt: lastAts.get(commandId) ?? null });
      if (!row) return [];
      const seenIn = 'ListCommandInvocations' as const;
      return [
        { source, commandId, observedAt, seenIn, stateJson: stateOf(commandId, row), columns: {}, fingerprint: null },
      ];
    });
  };
}

function stateOf(commandId: string, { documentName, documentVersion, comment, requestedAt }: KnownFacts): string {
  return canonicalJson({
    CommandId: commandId,
    ...(documentName !== null && { DocumentName: documentName }),
    ...(documentVersion !== null && { DocumentVersion: documentVersion }),
    ...(comment !== null && { Comment: comment }),
    ...(requestedAt !== null && { RequestedDateTime: Date.parse(requestedAt) / 1000 }),
  });
}

function isBefore(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || a < b);
}
