import type { Database } from 'better-sqlite3';
import type { SourceKey } from '../lib/observed-invocation.ts';
import type { Span } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';

/** What was pruned of a place by one order: its tombstones are among these leaves. */
export interface Pruning {
  /** `entries`: invocations with all of theirs, or commands; `outputs`: outputs alone. */
  what: string;
  by: string;
  reason: string;
  firstAt: string;
  lastAt: string;
  tombstones: number;
  firstLeaf: number;
  lastLeaf: number;
  /** Of the place, from the first to the last time of request among them. */
  invocations: number;
  commands: number;
  from: string | null;
  to: string | null;
}

/**
 * What was pruned of an account and region that may have been requested in a span: a tombstone says the first and the last time of its
 * part. Reads all entries of the ledger.
 */
export function listPrunings(sqlite: Database, { accountId, region, span }: SourceKey & { span: Span }): Pruning[] {
  return sqlite
    .prepare<object, Pruning>(
      `SELECT e.entry_json ->> '$.what' AS what, e.entry_json ->> '$.by' AS "by", e.entry_json ->> '$.reason' AS reason,
              min(e.entry_json ->> '$.at') AS firstAt, max(e.entry_json ->> '$.at') AS lastAt, count(*) AS tombstones,
              min(e.seq) - 1 AS firstLeaf, max(e.seq) - 1 AS lastLeaf, sum(p.value ->> '$.invocations') AS invocations,
              sum(p.value ->> '$.commands') AS commands, min(p.value ->> '$.fromAt') AS "from", max(p.value ->> '$.toAt') AS "to"
         FROM main.ledger_entries e, json_each(e.entry_json, '$.places') p
        WHERE e.kind = 'pruned' AND p.value ->> '$.accountId' = :accountId AND p.value ->> '$.region' = :region
          AND coalesce(p.value ->> '$.fromAt' < :to, true) AND coalesce(p.value ->> '$.toAt' >= :from, true)
        GROUP BY 1, 2, 3, e.entry_json ->> '$.selection' ORDER BY firstLeaf`,
    )
    .all({ accountId, region, from: isoFromMs(span.from), to: isoFromMs(span.to) });
}
