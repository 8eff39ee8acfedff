import type { Report } from '../../lib/report.ts';
import { filterParameter } from './span-parameters.ts';

// Whole days, so that daily_counts answers without a look at the invocations.
export const failuresByDocumentAndWeek: Report = {
  name: 'failures-by-document-and-week',
  description:
    'Documents that failed or timed out, by ISO week (UTC) of requested time: the newest week first, and in it the most failures first.',
  sql: `SELECT strftime('%G-W%V', day) AS week, document_name,
       sum(invocations) AS invocations,
       sum(iif(status = 'Failed', invocations, 0)) AS failed,
       sum(iif(status = 'TimedOut', invocations, 0)) AS timed_out,
       sum(iif(status = 'Cancelled', invocations, 0)) AS cancelled,
       round(100.0 * sum(iif(status IN ('Failed', 'TimedOut'), invocations, 0)) / sum(invocations), 1) AS failure_percent
  FROM daily_counts
 WHERE day >= :from AND day <= :to AND invocations > 0
   AND (:account = '' OR account_id = :account)
 GROUP BY week, document_name
HAVING failed + timed_out > 0
 ORDER BY week DESC, failed + timed_out DESC, document_name`,
  parameters: [
    { name: 'from', type: 'date', description: 'First day of requested time, in UTC.', default: '-90d' },
    { name: 'to', type: 'date', description: 'Last day of requested time, in UTC.', default: 'today' },
    filterParameter('account', 'this account'),
  ],
};
