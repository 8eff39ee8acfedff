import type { Status, StatusName } from '../../model/final-status.ts';

/**
 * The statuses in migration 0002. An index keeps its definition, so a status that is added here is found by it only
 * after another migration.
 */
const NAMES = {
  status: ['Failed', 'TimedOut', 'Cancelled', 'InProgress', 'Pending', 'Delayed', 'Cancelling'],
  status_details: [
    ...['Failed', 'ExecutionTimedOut', 'DeliveryTimedOut', 'Undeliverable', 'Terminated', 'Cancelled', 'AccessDenied'],
    ...['InvalidPlatform', 'InProgress', 'Pending', 'Delayed'],
  ],
} as const satisfies { status: readonly Status[]; status_details: readonly StatusName[] };

/**
 * Returns the condition of a partial index of all rows except rows with the status Success. It is an OR of equations so
 * that SQLite uses the index for `status = 'Failed'`: a query can use a partial index if the query's condition is one
 * side of an OR in the index.
 */
export function allButSuccess(column: keyof typeof NAMES): string {
  return [`${column} <> 'Success'`, ...NAMES[column].map((name) => `${column} = '${name}'`)].join(' OR ');
}
