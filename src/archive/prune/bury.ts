import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { digestOfLeaves, Tombstone } from '../../ledger/entries/tombstone.ts';
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
  /** The leaves' `seq`s as sorted ranges. */
  ranges: readonly [number, number][];
  batches: readonly RewrittenBatch[];
  /** Where what goes was, and how much. */
  places: Tombstone['places'];
  /** The sealed day of which nothing is left. */
  sealed?: Tombstone['sealed'];
}

export interface Buried {
  accountId: string;
  region: string;
  requestedAt: string | null;
}

/**
 * Adds the tombstone to the ledger, and adds what it names to the tables from which the triggers know what may be
 * deleted. Call it before the deletion, in the same transaction. Returns the `seq` of the tombstone.
 */
export function bury(sqlite: Database, burial: Burial): number {
  const { what, at, by, reason, selection, batches, places, sealed, ranges } = burial;
  const ledger = createLedger(sqlite);
  const tombstone: Tombstone = {
    ...{ kind: 'pruned', what, at, by, reason, selection },
    invocations: places.reduce((sum, { invocations }) => sum + invocations, 0),
    commands: places.reduce((sum, { commands }) => sum + commands, 0),
    ...{ places, ...(sealed && { sealed }) },
    seqs: [...ranges],
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
  return seq;
}

/** Returns the accounts and regions of what goes, with how many invocations or commands go. */
export function placesOf(counted: 'invocations' | 'commands', of: readonly Buried[]): Tombstone['places'] {
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
