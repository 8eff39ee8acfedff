import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, TIME_ZONE_PARAMETER } from './span-parameters.ts';

// For UTC, daily_counts is enough, and the invocations are not read. For another time zone, the days are computed from
// the invocations. SQLite evaluates a condition without columns first, so it reads only one of the two tables.
export const failuresByDocumentAndWeek: Report = {
  name: 'failures-by-document-and-week',
  reads: 'spanUnlessUtc',
  inLake: { needs: 'SQLite’s dates, and its iif', refusal: 'arguments provided to DATE' },
  description:
    'Documents that failed or timed out, by ISO week of requested time in a named time zone; the newest week first, and within a week the document with the most failures first.',
  sql: `WITH counted AS (
  SELECT day, account_id, document_name, status, invocations FROM daily_counts
   WHERE :time_zone = 'UTC' AND day >= :from AND day <= :to AND invocations > 0
   UNION ALL
  SELECT day, account_id, document_name, status, 1 FROM (
    SELECT substr(local_time(requested_at, :time_zone), 1, 10) AS day, account_id, document_name, status
      FROM invocations
     WHERE :time_zone <> 'UTC' AND requested_at >= date(:from, '-2 days') AND requested_at < date(:to, '+3 days')
  ) WHERE day >= :from AND day <= :to
)
SELECT strftime('%G-W%V', day) AS week, document_name,
       sum(invocations) AS invocations,
       sum(iif(status = 'Failed', invocations, 0)) AS failed,
       sum(iif(status = 'TimedOut', invocations, 0)) AS timed_out,
       sum(iif(status = 'Cancelled', invocations, 0)) AS cancelled,
       round(100.0 * sum(iif(status IN ('Failed', 'TimedOut'), invocations, 0)) / sum(invocations), 1) AS failure_percent
  FROM counted
 WHERE (:account = '' OR account_id = :account)
 GROUP BY week, document_name
HAVING failed + timed_out > 0
 ORDER BY week DESC, failed + timed_out DESC, document_name`,
  parameters: [
    { name: 'from', type: 'date', description: 'First day of requested time, in that time zone.', default: '-90d' },
    { name: 'to', type: 'date', description: 'Last day of requested time, in that time zone.', default: 'today' },
    TIME_ZONE_PARAMETER,
    filterParameter('account'),
  ],
};
