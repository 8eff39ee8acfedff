import { FINAL_STATUSES } from '../../model/final-status.ts';

/**
 * The final statuses as a list in SQL. The partial indexes contain exactly this text, by which SQLite recognizes that
 * they fit a query.
 */
export const FINAL_LIST = `(${FINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** Returns the condition that a status is unfinished: NULL, or not known to be final. */
export function isUnfinished(column: string): string {
  return `coalesce(${column}, '') NOT IN ${FINAL_LIST}`;
}
