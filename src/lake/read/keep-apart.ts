import { IDS_OF_ARCHIVE } from '../../archive/number/id-range.ts';
import type { LakeRows, RowsOfTable } from '../restore/lake-rows.ts';

/** The numbers that each archive counts from 1. Ids of invocations are apart already. */
const COUNTED = ['seq', 'page_id'];

/**
 * Returns rows of several archives with numbers that no two archives have in common, made as ids are: leaves and batches of
 * states of the archive with the number K begin at K·2^40.
 */
export function keptApart(rows: LakeRows): LakeRows {
  return Object.fromEntries(Object.entries(rows).map(([table, of]) => [table, of && apart(of)]));
}

function apart({ columns, rows }: RowsOfTable): RowsOfTable {
  const at = columns.indexOf('invocation_id');
  const counted = COUNTED.map((name) => columns.indexOf(name)).filter((place) => place >= 0);
  if (at < 0 || counted.length === 0) return { columns, rows };
  return {
    columns,
    rows: rows.map((row) => {
      const first = Math.floor(Number(row[at]) / IDS_OF_ARCHIVE) * IDS_OF_ARCHIVE;
      return row.map((value, place) => (typeof value === 'number' && counted.includes(place) ? value + first : value));
    }),
  };
}
