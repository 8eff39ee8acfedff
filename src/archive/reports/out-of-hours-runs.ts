import type { Report } from '../../lib/report.ts';
import { SPAN_PARAMETERS } from './span-parameters.ts';

export const outOfHoursRuns: Report = {
  name: 'out-of-hours-runs',
  description:
    'Commands that reached nodes outside of working hours or on a weekend, by a clock that is so many minutes ahead of UTC: by the first such node, oldest first.',
  sql: `WITH local AS (
  SELECT account_id, region, command_id, instance_id, document_name, comment, requested_at,
         datetime(requested_at, printf('%+d minutes', :utc_offset_minutes)) AS local_time
    FROM invocations WHERE requested_at >= :from AND requested_at < :to
), judged AS (
  SELECT *, strftime('%w', local_time) IN ('0', '6') AS is_weekend, CAST(substr(local_time, 12, 2) AS INTEGER) AS hour
    FROM local
)
SELECT min(requested_at) AS first_requested_at, max(requested_at) AS last_requested_at,
       min(local_time) AS first_local_time, count(*) AS nodes, sum(is_weekend) AS nodes_on_weekend,
       account_id, region, document_name, comment, command_id
  FROM judged
 WHERE is_weekend OR hour < :opens OR hour >= :closes
 GROUP BY account_id, region, command_id
 ORDER BY first_requested_at, account_id, region, command_id`,
  parameters: [
    ...SPAN_PARAMETERS,
    { name: 'opens', type: 'integer', description: 'The hour at which work begins.', default: '7' },
    {
      name: 'closes',
      type: 'integer',
      description: 'The hour at which work ends: from it on it is late.',
      default: '19',
    },
    {
      name: 'utc_offset_minutes',
      type: 'integer',
      description: 'How far local time is ahead of UTC: 60 in Berlin in winter, -300 in New York.',
      default: '0',
    },
  ],
};
