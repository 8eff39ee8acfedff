import type { Status, StatusName } from '../../model/final-status.ts';

/** As migration 0002 has them: an index keeps its words, so a status that comes later needs a migration to be found by it. */
const NAMES = {
  status: ['Failed', 'TimedOut', 'Cancelled', 'InProgress', 'Pending', 'Delayed', 'Cancelling'],
  status_details: [
    ...['Failed', 'ExecutionTimedOut', 'DeliveryTimedOut', 'Undeliverable', 'Terminated', 'Cancelled', 'AccessDenied'],
    ...['InvalidPlatform', 'InProgress', 'Pending', 'Delayed'],
  ],
} as const satisfies { status: readonly Status[]; status_details: readonly StatusName[] };

/**
 * The condition of a partial index of all rows but those of Success, in words from which SQLite concludes that it serves
 * `status = 'Failed'` too: it takes a partial index where a condition of the query is one side of an OR of the index.
 */
export function allButSuccess(column: keyof typeof NAMES): string {
  return [`${column} <> 'Success'`, ...NAMES[column].map((name) => `${column} = '${name}'`)].join(' OR ');
}
