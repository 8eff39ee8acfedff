/** A column by which rows are sorted. */
export interface KeyColumn {
  /** The column as SQL names it. */
  sql: string;
  isDescending?: boolean;
  /**
   * Whether rows may have NULL in the column. SQLite sorts NULL before everything else: first in ascending order, last
   * in descending order.
   */
  canBeNull?: boolean;
}

/** The columns by which a list is sorted, the leading column first. Together they identify a row. */
export type KeyOrder = readonly KeyColumn[];

/** A row's values in the columns of an order. A page ends at a position. */
export type KeyPosition = readonly (string | number | null)[];

/** A condition, with its parameters, that finds some of the rows after a position. */
export interface KeyPhase {
  sql: string;
  params: (string | number)[];
}

/** Returns the text of an order for ORDER BY. */
export function orderBySql(order: KeyOrder): string {
  return order.map(({ sql, isDescending }) => `${sql} ${isDescending ? 'DESC' : 'ASC'}`).join(', ');
}

/**
 * Returns conditions that together find the rows after a position, one after another in the order: first the rows with
 * the position's value in the leading column, then those with a later value, then those with NULL. SQLite can use an
 * index for each of them. One comparison of all columns, as a row value, would find the first two parts at once, but
 * SQLite can't seek by rowid within a row value: it would scan all rows with the same time. And no comparison finds
 * NULL.
 *
 * This file is in lib because the access log has the same paging and may not import from the archive.
 */
export function phasesBeyond(order: KeyOrder, position: KeyPosition): KeyPhase[] {
  const [column, ...others] = order;
  if (!column) return [];
  const [value = null, ...otherValues] = position;
  const same: KeyPhase =
    value === null ? { sql: `${column.sql} IS NULL`, params: [] } : { sql: `${column.sql} = ?`, params: [value] };
  const ties = phasesOfTies(others, otherValues).map(({ sql, params }) => ({
    sql: `${same.sql} AND ${sql}`,
    params: [...same.params, ...params],
  }));
  return [...ties, ...phasesPast(column, value)];
}

/** Few rows share the leading column's value, so the other columns are compared in one comparison if possible. */
function phasesOfTies(order: KeyOrder, position: KeyPosition): KeyPhase[] {
  const [first] = order;
  if (!first) return [];
  const isOneComparison = order.every((column) => !column.canBeNull && !column.isDescending === !first.isDescending);
  const params = position.flatMap((value) => value ?? []);
  if (!isOneComparison || params.length < order.length) return phasesBeyond(order, position);
  const beyond = first.isDescending ? '<' : '>';
  if (order.length === 1) return [{ sql: `${first.sql} ${beyond} ?`, params }];
  const columns = order.map(({ sql }) => sql).join(', ');
  return [{ sql: `(${columns}) ${beyond} (${order.map(() => '?').join(', ')})`, params }];
}

/** Returns the conditions for rows with a later value in the column. */
function phasesPast({ sql, isDescending, canBeNull }: KeyColumn, value: string | number | null): KeyPhase[] {
  if (value === null) return isDescending ? [] : [{ sql: `${sql} IS NOT NULL`, params: [] }];
  const past: KeyPhase = { sql: `${sql} ${isDescending ? '<' : '>'} ?`, params: [value] };
  return isDescending && canBeNull ? [past, { sql: `${sql} IS NULL`, params: [] }] : [past];
}

/** Compares two positions as SQLite orders their rows: below 0 if `a` comes first, 0 for the same row. */
export function comparePositions(order: KeyOrder, a: KeyPosition, b: KeyPosition): number {
  for (let n = 0; n < order.length; n++) {
    const compared = compareValues(a[n] ?? null, b[n] ?? null);
    if (compared !== 0) return order[n]?.isDescending ? -compared : compared;
  }
  return 0;
}

function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  // SQLite sorts numbers before texts.
  if (typeof a === 'string' || typeof b === 'string') return typeof a === 'string' ? 1 : -1;
  return a - b;
}

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * SQLite compares texts by their UTF-8 bytes, which is the order of code points. JavaScript compares UTF-16 units: it
 * sorts characters above U+FFFF before U+E000, although their code points are higher.
 */
function compareTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let n = 0; n < shorter; n++) {
    const unitA = a.charCodeAt(n);
    const unitB = b.charCodeAt(n);
    if (unitA === unitB) continue;
    const isHalfA = isSurrogate(unitA);
    if (isHalfA === isSurrogate(unitB) || unitA < FIRST_SURROGATE || unitB < FIRST_SURROGATE) return unitA - unitB;
    return isHalfA ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE;
}
