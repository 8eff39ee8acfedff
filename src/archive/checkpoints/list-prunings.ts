import type { Database } from 'better-sqlite3';
import { Tombstone } from '../../ledger/entries/tombstone.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** What one prune order removed in an account and region. Its tombstones are between `firstLeaf` and `lastLeaf`. */
export interface Pruning {
  /** `entries`: invocations with all their entries, or commands. `outputs`: only outputs. */
  what: string;
  by: string;
  reason: string;
  firstAt: string;
  lastAt: string;
  tombstones: number;
  firstLeaf: number;
  lastLeaf: number;
  /** `from` and `to`: the first and the last request time among what was removed. */
  invocations: number;
  commands: number;
  from: string | null;
  to: string | null;
}

/**
 * Returns for each given account and region, in the same order, the prunings that may have removed something requested
 * in the span. Nothing more is certain, because a tombstone has only the first and the last request time for each
 * account and region. Reads all entries of the ledger once.
 */
export function listPrunings(sqlite: Database, places: readonly (SourceKey & { span: Span })[]): Pruning[][] {
  const found = places.map(({ accountId, region, span }) => ({
    ...{ accountId, region, from: isoFromMs(span.from), to: isoFromMs(span.to) },
    byOrder: new Map<string, Pruning>(),
  }));
  const entries = sqlite
    .prepare<[], { seq: number; entry: string }>(
      "SELECT seq, entry_json AS entry FROM main.ledger_entries WHERE kind = 'pruned' ORDER BY seq",
    )
    .iterate();
  for (const { seq, entry } of entries) {
    const tombstone = Tombstone.parse(JSON.parse(entry));
    for (const { accountId, region, from, to, byOrder } of found) {
      const part = tombstone.places.find((place) => place.accountId === accountId && place.region === region);
      const isWithin = part && (part.fromAt ?? from) < to && (part.toAt ?? from) >= from;
      if (isWithin) addPart(byOrder, seq - 1, tombstone, part);
    }
  }
  return found.map(({ byOrder }) => [...byOrder.values()]);
}

function addPart(
  byOrder: Map<string, Pruning>,
  leaf: number,
  { what, by, reason, at, selection }: Tombstone,
  part: Tombstone['places'][number],
): void {
  const key = JSON.stringify([what, by, reason, selection]);
  const begun = { what, by, reason, firstAt: at, lastAt: at, tombstones: 0, firstLeaf: leaf, lastLeaf: leaf };
  const sum = byOrder.get(key) ?? { ...begun, invocations: 0, commands: 0, from: part.fromAt, to: part.toAt };
  byOrder.set(key, sum);
  sum.lastAt = at;
  sum.lastLeaf = leaf;
  sum.tombstones += 1;
  sum.invocations += part.invocations;
  sum.commands += part.commands;
  if (part.fromAt !== null && (sum.from === null || part.fromAt < sum.from)) sum.from = part.fromAt;
  if (part.toAt !== null && (sum.to === null || part.toAt > sum.to)) sum.to = part.toAt;
}
