import { and, eq } from 'drizzle-orm';
import type { ArchiveDb } from '../db/open.ts';
import { prepareOnce } from '../db/prepare-once.ts';
import { coverage } from '../db/schema.ts';
import { mergeSpans, type Span } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';
import type { SourceKey } from '../model/observed-invocation.ts';

/** The spans of requested time that are known to be listed completely, oldest first, none touching another. */
export function listCovered({ sqlite }: ArchiveDb, { accountId, region }: SourceKey): Span[] {
  return prepareOnce<unknown[], { fromAt: string; toAt: string }>(
    sqlite,
    'SELECT from_at AS fromAt, to_at AS toAt FROM coverage WHERE account_id = ? AND region = ? ORDER BY from_at',
  )
    .all(accountId, region)
    .map(({ fromAt, toAt }) => ({ from: Date.parse(fromAt), to: Date.parse(toAt) }));
}

/** Adds a span to the coverage of a source, merged with those that it touches. An empty span adds nothing. */
export function markCovered(db: ArchiveDb, source: SourceKey, span: Span): void {
  const { accountId, region } = source;
  const before = listCovered(db, source);
  const after = mergeSpans([...before, span]);
  const key = (s: Span) => `${s.from} ${s.to}`;
  const kept = new Set(after.map(key));
  const known = new Set(before.map(key));
  for (const gone of before.filter((s) => !kept.has(key(s)))) {
    const where = [
      eq(coverage.accountId, accountId),
      eq(coverage.region, region),
      eq(coverage.fromAt, isoFromMs(gone.from)),
    ];
    db.orm
      .delete(coverage)
      .where(and(...where))
      .run();
  }
  for (const { from, to } of after.filter((s) => !known.has(key(s)))) {
    db.orm
      .insert(coverage)
      .values({ accountId, region, fromAt: isoFromMs(from), toAt: isoFromMs(to) })
      .run();
  }
}
