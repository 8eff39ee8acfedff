import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { digestOfLeaves, rangesOf, Tombstone } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import type { RewrittenBatch } from './rewrite-batches.ts';

/** Why something is pruned, and who ordered it. */
export interface PruneOrder {
  by: string;
  reason: string;
  selection: Readonly<Record<string, unknown>>;
}

export interface Burial extends PruneOrder {
  what: Tombstone['what'];
  at: string;
  /** The leaves' `seq`, in any order. */
  seqs: readonly number[];
  batches: readonly RewrittenBatch[];
  /** The kind of thing that is counted: invocations or commands. */
  buried: { counted: 'invocations' | 'commands'; of: readonly Buried[] };
}

export interface Buried {
  accountId: string;
  region: string;
  requestedAt: string | null;
}

/**
 * Adds the tombstone to the ledger, and adds what it names to the tables from which the triggers know what may be
 * deleted. Call it before the deletion, in the same transaction.
 */
export function bury(sqlite: Database, burial: Burial): void {
  const { what, at, by, reason, selection, batches, buried } = burial;
  const ledger = createLedger(sqlite);
  const ranges = rangesOf([...burial.seqs].sort((a, b) => a - b));
  const tombstone: Tombstone = {
    ...{ kind: 'pruned', what, at, by, reason, selection },
    ...{ invocations: 0, commands: 0, [buried.counted]: buried.of.length },
    places: placesOf(buried),
    seqs: ranges,
    hashes: digestOfLeaves(tileStore(sqlite).read, ranges),
    pages: batches.map(({ id, original, present }) => [id, original.toString('hex'), present?.toString('hex') ?? null]),
  };
  const seq = ledger.nextSeq();
  ledger.add('pruned', [canonicalJson(Tombstone.parse(tombstone))]);
  const addLeaves = prepareOnce<unknown[], never>(
    sqlite,
    'INSERT INTO pruned_leaves (what, from_seq, to_seq, tombstone_seq) VALUES (?, ?, ?, ?)',
  );
  for (const [from, to] of ranges) addLeaves.run(what, from, to, seq);
  const addBatch = prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO pruned_pages (page_id, original_sha256) SELECT :id, :original
      WHERE NOT EXISTS (SELECT 1 FROM pruned_pages WHERE page_id = :id)`,
  );
  for (const { id, original } of batches) addBatch.run({ id, original });
}

function placesOf({ counted, of }: Burial['buried']): Tombstone['places'] {
  const places = new Map<string, Tombstone['places'][number]>();
  for (const { accountId, region, requestedAt } of of) {
    const key = `${accountId} ${region}`;
    const none = { accountId, region, fromAt: null, toAt: null, invocations: 0, commands: 0 };
    const place = places.get(key) ?? none;
    places.set(key, place);
    place[counted] += 1;
    if (requestedAt === null) continue;
    if (place.fromAt === null || requestedAt < place.fromAt) place.fromAt = requestedAt;
    if (place.toAt === null || requestedAt > place.toAt) place.toAt = requestedAt;
  }
  return [...places.values()];
}
