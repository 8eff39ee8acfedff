import type { Database } from 'better-sqlite3';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import { outputEntry } from '../../ledger/entries/output-entry.ts';
import { createLeafReader } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import type { LakeColumn, LakeRow, LakeTable } from '../tables/lake-table.ts';
import { FULL_OUTPUTS, REVISIONS } from '../tables/lake-tables.ts';

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
  const hashAt = createLeafReader(tileStore(sqlite).read);
  const read = createValueReader(columns);
  return (row) => {
    const values = read(row);
    const leaf = Number(values.number('seq')) - 1;
    const entry = entryOf(values);
    if (entry === undefined) return 'something of what its leaf is made of is missing';
    return hashLeaf(entry).equals(hashAt(leaf)) ? undefined : `its leaf is not leaf ${leaf} of the ledger`;
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
