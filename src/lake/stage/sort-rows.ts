import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { LakeColumn, LakeRow } from '../tables/lake-table.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';
import { compareTexts, type RowOrder } from './create-row-order.ts';
import { createSpill } from './create-spill.ts';

/** The rows of so many invocations fit into memory while they are sorted. */
const INVOCATIONS_AT_ONCE = 10_000;

/** The first columns of the order of each table. */
type NodeKey = readonly [accountId: string, region: string, instanceId: string];

/**
 * The first node of each part of a day but the first. A part has the rows of about as many invocations as can be sorted
 * at once, and the parts of a day are in the order of its files.
 */
export type Parts = readonly NodeKey[];

export function partsOfDay(sqlite: Database, day: string, invocationsAtOnce = INVOCATIONS_AT_ONCE): Parts {
  const parts: NodeKey[] = [];
  let inPart = 0;
  const nodes = sqlite
    .prepare<[object], [string, string, string, number]>(
      `SELECT i.account_id, i.region, i.instance_id, count(*) FROM main.invocations i WHERE ${OF_DAY} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    )
    .raw()
    .iterate(spanOf(day));
  for (const [accountId, region, instanceId, count] of nodes) {
    if (inPart > 0 && inPart + count > invocationsAtOnce) {
      parts.push([accountId, region, instanceId]);
      inPart = 0;
    }
    inPart += count;
  }
  return parts;
}

export interface RowsToSort {
  rows: Iterable<LakeRow>;
  columns: readonly LakeColumn[];
  order: RowOrder;
  parts: Parts;
  /** A folder for files in which rows wait. */
  folder: string;
  /** Receives each row, as its JSON, in the order in which it comes. */
  onRow(json: string): void;
}

/**
 * Yields rows in the order of their file. Each row waits in the file of its part, and one part after another is sorted,
 * so that a day of any size needs little memory. DuckDB would sort too, but needs more memory the larger the day is.
 */
export function* sortRows({ rows, columns, order, parts, folder, onRow }: RowsToSort): Generator<LakeRow> {
  const places = ['account_id', 'region', 'instance_id'].map((key) => columns.findIndex(({ name }) => name === key));
  const spills = Array.from({ length: parts.length + 1 }, (_, n) => createSpill(join(folder, `part-${n}`)));
  try {
    for (const row of rows) {
      const json = JSON.stringify(row);
      onRow(json);
      const key = places.map((place) => String(row[place]));
      spills[partOf(parts, key)]?.add(json);
    }
    for (const spill of spills) yield* spill.sorted(order);
  } finally {
    for (const spill of spills) spill.remove();
  }
}

/** How many parts begin with this node or with an earlier one: the number of the node's part. */
function partOf(parts: Parts, key: readonly string[]): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(parts[middle] ?? ['', '', ''], key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareKeys(a: NodeKey, b: readonly string[]): number {
  for (const [n, text] of a.entries()) {
    const order = compareTexts(text, b[n] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
