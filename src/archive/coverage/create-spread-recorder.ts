import type { Database } from 'better-sqlite3';
import type { SourceKey } from '../../lib/observed-invocation.ts';
import { DEFAULT_SPREAD_MS } from '../../lib/retention.ts';

/** Of so many commands the last request is kept at hand. */
const KNOWN_COMMANDS = 20_000;

export interface SpreadRecorder {
  /** Invocations of a command were recorded, the last of them requested at `lastAt`; `row` is its row where that is new or has changed. */
  invocations(source: SourceKey, commandId: string, lastAt: string | null, row: { sentAt: string | null } | undefined): void;
  /** The command itself was recorded, and was sent at another time than was known of it. */
  command(source: SourceKey, commandId: string, sentAt: string | null): void;
  /** What was recorded since the transaction began was rolled back. */
  forget(): void;
}

/**
 * Prepares the statements once and returns the verbs, which keep the longest time between a command and its last invocation, within the
 * transaction of what they are told. It never becomes less: what was pruned since was seen all the same.
 */
export function createSpreadRecorder(sqlite: Database): SpreadRecorder {
  const sentAtOf = sqlite
    .prepare<unknown[], string | null>(
      'SELECT requested_at FROM commands WHERE account_id = ? AND region = ? AND command_id = ?',
    )
    .pluck();
  const lastAtOf = sqlite
    .prepare<unknown[], string | null>(
      'SELECT max(requested_at) FROM invocations WHERE command_id = ? AND account_id = ? AND region = ?',
    )
    .pluck();
  const keep = sqlite.prepare(
    `INSERT INTO command_spreads (account_id, region, assumed_ms, longest_ms, command_id) VALUES (?, ?, ${DEFAULT_SPREAD_MS}, ?, ?)
     ON CONFLICT DO UPDATE SET longest_ms = excluded.longest_ms, command_id = excluded.command_id WHERE longest_ms < excluded.longest_ms`,
  );
  // A long command comes newest first, page after page, each with an earlier invocation: its last one is looked up once.
  const lastAts = new Map<string, string | null>();

  function lastOf(source: SourceKey, commandId: string, shown: string | null): string | null {
    const { accountId, region } = source;
    const key = keyOf(source, commandId);
    const known = lastAts.get(key);
    const last = later(known === undefined ? (lastAtOf.get(commandId, accountId, region) ?? null) : known, shown);
    if (lastAts.size >= KNOWN_COMMANDS) lastAts.clear();
    lastAts.set(key, last);
    return last;
  }

  function note({ accountId, region }: SourceKey, commandId: string, sentAt: string | null, lastAt: string | null): void {
    const spread = sentAt === null || lastAt === null ? Number.NaN : Date.parse(lastAt) - Date.parse(sentAt);
    if (spread > 0) keep.run(accountId, region, spread, commandId);
  }

  return {
    invocations(source, commandId, shown, row) {
      const { accountId, region } = source;
      const sentAt = row ? row.sentAt : (sentAtOf.get(accountId, region, commandId) ?? null);
      // Where the command's own time has not changed, its earlier invocations have been measured by it already.
      const isMeasured = !row && !lastAts.has(keyOf(source, commandId));
      note(source, commandId, sentAt, isMeasured ? shown : lastOf(source, commandId, shown));
    },
    command(source, commandId, sentAt) {
      note(source, commandId, sentAt, lastAtOf.get(commandId, source.accountId, source.region) ?? null);
    },
    forget: () => lastAts.clear(),
  };
}

function keyOf({ accountId, region }: SourceKey, commandId: string): string {
  return `${accountId} ${region} ${commandId}`;
}

function later(a: string | null, b: string | null): string | null {
  return b !== null && (a === null || a < b) ? b : a;
}
