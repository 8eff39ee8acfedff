import type { Status, StatusName } from '../../model/final-status.ts';

/**
 * The statuses in migration 0002. An index keeps its definition, so a later status needs a migration to be found by it.
 */
const NAMES = {
  status: ['Failed', 'TimedOut', 'Cancelled', 'InProgress', 'Pending', 'Delayed', 'Cancelling'],
  status_details: [
    ...['Failed', 'ExecutionTimedOut', 'DeliveryTimedOut', 'Undeliverable', 'Terminated', 'Cancelled', 'AccessDenied'],
    ...['InvalidPlatform', 'InProgress', 'Pending', 'Delayed'],
  ],
} as const satisfies { status: readonly Status[]; status_details: readonly StatusName[] };

/**
 * Returns the condition of a partial index of all rows except rows with the status Success. It is written so that
 * SQLite also uses the index for `status = 'Failed'`: SQLite uses an index in this way if a condition of the query is
 * one side of an OR in the index.
 */
export function allButSuccess(column: keyof typeof NAMES): string {
  return [`${column} <> 'Success'`, ...NAMES[column].map((name) => `${column} = '${name}'`)].join(' OR ');
}
