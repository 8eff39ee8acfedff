import { FINAL_STATUSES } from '../../model/final-status.ts';

/** The final statuses as a list of SQL. The partial indexes have the same words, by which SQLite finds that they serve a question. */
export const FINAL_LIST = `(${FINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** That a status is unfinished: none, or one that is not known to be final. */
export function isUnfinished(column: string): string {
  return `coalesce(${column}, '') NOT IN ${FINAL_LIST}`;
}
