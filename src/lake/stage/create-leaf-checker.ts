import type { Database } from 'better-sqlite3';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import { outputEntry } from '../../ledger/entries/output-entry.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { HASH_BYTES, type ReadTile, TILE_WIDTH } from '../../ledger/tiles/tiles.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import type { LakeColumn, LakeRow, LakeTable } from '../tables/lake-table.ts';
import { FULL_OUTPUTS, REVISIONS } from '../tables/lake-tables.ts';

/** So many tiles of leaves are kept; each has 8 KiB. */
const MOST_TILES = 2048;

/** Returns what is wrong with a row; undefined if nothing is. */
export type RowChecker = (row: LakeRow) => string | undefined;

/**
 * Returns a function that makes the leaf of a row and compares it with the ledger; undefined for a table whose rows
 * have no leaves.
 */
export function createLeafChecker(
  sqlite: Database,
  table: LakeTable,
  columns: readonly LakeColumn[],
): RowChecker | undefined {
  if (table.name !== REVISIONS.name && table.name !== FULL_OUTPUTS.name) return undefined;
  const entryOf = table.name === REVISIONS.name ? entryOfRevision : entryOfOutput;
  const hashAt = createHashReader(tileStore(sqlite).read);
  const seqAt = columns.findIndex(({ name }) => name === 'seq');
  const read = createValueReader(columns);
  return (row) => {
    const leaf = Number(row[seqAt]) - 1;
    const entry = entryOf(read(row));
    if (entry === undefined) return 'something of what its leaf is made of is missing';
    return hashLeaf(entry).equals(hashAt(leaf)) ? undefined : `its leaf is not leaf ${leaf} of the ledger`;
  };
}

/**
 * Returns a function that reads the hash of a leaf, which is empty if the leaf is missing. The rows of a file are in
 * another order than their leaves, so each tile of a day is needed again and again.
 */
function createHashReader(read: ReadTile): (leaf: number) => Uint8Array {
  const kept = new Map<number, Uint8Array>();
  return (leaf) => {
    const index = Math.floor(leaf / TILE_WIDTH);
    let tile = kept.get(index);
    if (!tile) {
      if (kept.size >= MOST_TILES) kept.clear();
      tile = read(0, index) ?? new Uint8Array();
      kept.set(index, tile);
    }
    const at = (leaf % TILE_WIDTH) * HASH_BYTES;
    return tile.subarray(at, at + HASH_BYTES);
  };
}

interface Values {
  text(name: string): string | null;
  number(name: string): number | null;
  bytes(name: string): Buffer | null;
}

function createValueReader(columns: readonly LakeColumn[]): (row: LakeRow) => Values {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  return (row) => {
    const columnOf = (name: string) => row[places.get(name) ?? -1] ?? null;
    const text = (name: string) => {
      const value = columnOf(name);
      return typeof value === 'string' ? value : null;
    };
    return {
      text,
      number(name) {
        const value = columnOf(name);
        return typeof value === 'number' ? value : null;
      },
      bytes(name) {
        const value = text(name);
        return value === null ? null : Buffer.from(value, 'hex');
      },
    };
  };
}

function entryOfRevision({ text, number, bytes }: Values): string | undefined {
  const [line, digest, state] = [number('line'), bytes('page_sha256'), text('state_json')];
  if (line === null || digest === null || state === null) return undefined;
  const facts = {
    ...{ accountId: text('account_id') ?? '', region: text('region') ?? '', line },
    ...{ observedAt: text('observed_at') ?? '', fingerprint: bytes('fingerprint') },
  };
  return revisionEntry(facts, { digest, salt: bytes('page_salt') }, state);
}

function entryOfOutput({ text, number, bytes }: Values): string | undefined {
  const [sha256, salt] = [bytes('sha256'), bytes('salt')];
  if (sha256 === null || salt === null) return undefined;
  return outputEntry({
    ...{ accountId: text('account_id') ?? '', region: text('region') ?? '', commandId: text('command_id') ?? '' },
    ...{ instanceId: text('instance_id') ?? '', position: number('position') ?? 0, name: text('name') },
    ...{ stream: text('stream') ?? '', provenance: text('provenance') ?? '', locationJson: text('location_json') },
    ...{ fetchedAt: text('fetched_at') ?? '', encoding: text('encoding') ?? '', sizeBytes: number('size_bytes') ?? 0 },
    ...{ totalBytes: number('total_bytes'), cutBy: text('cut_by'), sha256, salt },
  });
}
