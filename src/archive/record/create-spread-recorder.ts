import type { Database } from 'better-sqlite3';
import { DEFAULT_SPREAD_MS } from '../../model/coverage/retention.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** For this many commands, the time of the last request is kept in memory. */
const KNOWN_COMMANDS = 20_000;

/** The invocations of a command that were recorded. */
interface RecordedInvocations {
  commandId: string;
  /**
   * When the command was sent: `sentAt` as it is known now, `before` as it was known before. `before` is undefined if
   * the command was not known.
   */
  sentAt: string | null;
  before: string | null | undefined;
  /** The latest request time among the recorded invocations. */
  lastAt: string | null;
}

export interface SpreadRecorder {
  /** When a command was sent, according to the archive; undefined if the command is not recorded. */
  sentAtOf(source: SourceKey, commandId: string): string | null | undefined;
  /** Must be called after invocations of a command were recorded. */
  invocations(source: SourceKey, recorded: RecordedInvocations): void;
  /** Must be called after the command itself was recorded, if that changed its time of sending. */
  command(source: SourceKey, commandId: string, sentAt: string | null): void;
  /** Must be called after a rollback: forgets what was noted since the transaction began. */
  forget(): void;
}

/**
 * Prepares the statements once and returns functions that keep the longest time between a command and its last
 * invocation, in the caller's transaction. The stored time never gets shorter, even if pruning removes the invocation
 * that was the last.
 */
export function createSpreadRecorder(sqlite: Database): SpreadRecorder {
  const sentAt = sqlite
    .prepare<unknown[], string | null>(
      'SELECT requested_at FROM commands WHERE account_id = ? AND region = ? AND command_id = ?',
    )
    .pluck();
  // Of invocations whose rows are in the lake, the file keeps the latest time.
  const lastAtOf = sqlite
    .prepare<[object], string | null>(
      `SELECT max(at) FROM (
         SELECT max(requested_at) AS at FROM invocations WHERE command_id = :commandId AND account_id = :accountId AND region = :region
         UNION ALL
         SELECT max(last_requested_at) FROM sealed_commands WHERE command_id = :commandId AND account_id = :accountId AND region = :region)`,
    )
    .pluck();
  const keep = sqlite.prepare(
    `INSERT INTO command_spreads (account_id, region, assumed_ms, longest_ms, command_id) VALUES (?, ?, ${DEFAULT_SPREAD_MS}, ?, ?)
     ON CONFLICT DO UPDATE SET longest_ms = excluded.longest_ms, command_id = excluded.command_id WHERE longest_ms < excluded.longest_ms`,
  );
  const keptOf = sqlite
    .prepare<unknown[], number>('SELECT longest_ms FROM command_spreads WHERE account_id = ? AND region = ?')
    .pluck();
  // The invocations of a large command come newest first, spread over many replies. So the command's last request is
  // looked up only once.
  const lastAts = new Map<string, string | null>();
  const kept = new Map<string, number>();

  function lastOf(source: SourceKey, commandId: string, shown: string | null, isNew: boolean): string | null {
    const { accountId, region } = source;
    const key = commandKey(source, commandId);
    const known = lastAts.get(key);
    const before = known === undefined && !isNew ? lastAtOf.get({ commandId, accountId, region }) : known;
    const last = later(before ?? null, shown);
    if (lastAts.size >= KNOWN_COMMANDS) lastAts.clear();
    lastAts.set(key, last);
    return last;
  }

  function note({ accountId, region }: SourceKey, commandId: string, sent: string | null, lastAt: string | null): void {
    if (sent === null || lastAt === null || lastAt <= sent) return;
    const spread = Date.parse(lastAt) - Date.parse(sent);
    const place = `${accountId} ${region}`;
    const longest = kept.get(place) ?? keptOf.get(accountId, region) ?? 0;
    if (spread > longest) keep.run(accountId, region, spread, commandId);
    kept.set(place, Math.max(spread, longest));
  }

  return {
    sentAtOf: ({ accountId, region }, commandId) => sentAt.get(accountId, region, commandId),
    invocations(source, { commandId, sentAt: sent, before, lastAt }) {
      // If the time of sending has not changed, the command's earlier invocations have been measured already.
      const isMeasured = before === sent && !lastAts.has(commandKey(source, commandId));
      note(source, commandId, sent, isMeasured ? lastAt : lastOf(source, commandId, lastAt, before === undefined));
    },
    command(source, commandId, sent) {
      note(source, commandId, sent, lastAtOf.get({ ...source, commandId }) ?? null);
    },
    forget() {
      lastAts.clear();
      kept.clear();
    },
  };
}

function commandKey({ accountId, region }: SourceKey, commandId: string): string {
  return `${accountId} ${region} ${commandId}`;
}

function later(a: string | null, b: string | null): string | null {
  return b !== null && (a === null || a < b) ? b : a;
}
