import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { TILE_WIDTH } from '../../ledger/tiles/tiles.ts';
import { faultOf, findings } from './fault.ts';
import type { VerifyTask } from './verify-task.ts';

const LEAVES_AT_ONCE = 64 * TILE_WIDTH;

/**
 * How many leaves to verify: as many as the tiles say, but no more than a file with this many tiles and rows can have.
 * Without that limit, one forged tile could cause endless work. Returns 0 if SQLite can't read the count; the parts
 * will report that error too.
 */
export function sizeToVerify(sqlite: Database): number {
  try {
    const number = (sql: string) => Number(sqlite.prepare(sql).pluck().get());
    const tiles = number('SELECT count(*) FROM main.ledger_tiles WHERE level = 0');
    const rows = number('SELECT (SELECT count(*) FROM main.revisions) + (SELECT count(*) FROM main.ledger_entries)');
    const size = Math.floor(tileStore(sqlite).size());
    return Math.max(0, Math.min(size, Math.max(tiles * TILE_WIDTH, rows)));
  } catch (error) {
    faultOf(error);
    return 0;
  }
}

/** What tells one state of an archive from another one. */
export interface SeenState {
  /** How many leaves to verify. */
  size: number;
  /** How many invocations are in the lake alone. */
  sealed: number;
}

/** Reads the state that this transaction sees. */
export function readSeenState(sqlite: Database): SeenState {
  let sealed = 0;
  findings(() => {
    sealed = Number(sqlite.prepare('SELECT coalesce(sum(invocations), 0) FROM main.sealed_commands').pluck().get());
    return [];
  });
  return { size: sizeToVerify(sqlite), sealed };
}

/** The parts of a verification of `size` leaves. They may run at the same time. */
export function planParts(size: number): VerifyTask[] {
  const ranges = Array.from({ length: Math.ceil(size / LEAVES_AT_ONCE) }, (_, n) => ({
    kind: 'leaves' as const,
    from: n * LEAVES_AT_ONCE,
    to: Math.min((n + 1) * LEAVES_AT_ONCE, size),
  }));
  const others = ['sqlite', 'rows', 'cosignatures', 'tombstones', 'derived', 'sealed'] as const;
  return [...others.map((kind) => ({ kind })), ...ranges];
}
