import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** The spans of requested time that are known to be listed completely, oldest first. No two spans touch each other. */
export function listCovered(sqlite: Database, { accountId, region }: SourceKey): Span[] {
  return prepareOnce<unknown[], { fromAt: string; toAt: string }>(
    sqlite,
    'SELECT from_at AS fromAt, to_at AS toAt FROM coverage WHERE account_id = ? AND region = ? ORDER BY from_at',
  )
    .all(accountId, region)
    .map(({ fromAt, toAt }) => ({ from: Date.parse(fromAt), to: Date.parse(toAt) }));
}

/** Adds a span to the coverage of a source and merges it with the spans that it touches. An empty span adds nothing. */
export function markCovered(sqlite: Database, source: SourceKey, span: Span): void {
  const { accountId, region } = source;
  const before = listCovered(sqlite, source);
  const after = mergeSpans([...before, span]);
  const key = (s: Span) => `${s.from} ${s.to}`;
  const kept = new Set(after.map(key));
  const known = new Set(before.map(key));
  for (const gone of before.filter((s) => !kept.has(key(s)))) {
    prepareOnce(sqlite, 'DELETE FROM coverage WHERE account_id = ? AND region = ? AND from_at = ?').run(
      accountId,
      region,
      isoFromMs(gone.from),
    );
  }
  for (const { from, to } of after.filter((s) => !known.has(key(s)))) {
    prepareOnce(sqlite, 'INSERT INTO coverage (account_id, region, from_at, to_at) VALUES (?, ?, ?, ?)').run(
      accountId,
      region,
      isoFromMs(from),
      isoFromMs(to),
    );
  }
}
