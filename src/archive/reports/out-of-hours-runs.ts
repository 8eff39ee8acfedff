import type { Report } from '../../questions/reports/report.ts';
import { SPAN_PARAMETERS, TIME_ZONE_PARAMETER } from './span-parameters.ts';

export const outOfHoursRuns: Report = {
  name: 'out-of-hours-runs',
  reads: 'span',
  inLake: { needs: 'SQLite’s dates, and columns outside of GROUP BY', refusal: 'function call "strftime' },
  description:
    'Commands that reached nodes outside of working hours or on a weekend, in the local time of a named time zone, summer time included. The command that did so first comes first.',
  sql: `WITH local AS (
  SELECT account_id, region, command_id, instance_id, document_name, comment, requested_at,
         local_time(requested_at, :time_zone) AS local_time
    FROM invocations WHERE requested_at >= :from AND requested_at < :to
), judged AS (
  SELECT *, strftime('%w', local_time) IN ('0', '6') AS is_weekend, CAST(substr(local_time, 12, 2) AS INTEGER) AS hour
    FROM local
)
SELECT min(requested_at) AS first_requested_at, max(requested_at) AS last_requested_at,
       min(local_time) AS first_local_time, count(*) AS nodes, sum(is_weekend) AS nodes_on_weekend,
       account_id, region, document_name, comment, command_id
  FROM judged
 WHERE is_weekend
    OR CASE WHEN :opens <= :closes THEN hour < :opens OR hour >= :closes ELSE hour < :opens AND hour >= :closes END
 GROUP BY account_id, region, command_id
 ORDER BY first_requested_at, account_id, region, command_id`,
  parameters: [
    ...SPAN_PARAMETERS,
    { name: 'opens', type: 'integer', description: 'The hour at which work begins.', default: '7' },
    {
      name: 'closes',
      type: 'integer',
      description: 'The hour at which work ends. If it is smaller than `opens`, work goes on past midnight.',
      default: '19',
    },
    TIME_ZONE_PARAMETER,
  ],
};
