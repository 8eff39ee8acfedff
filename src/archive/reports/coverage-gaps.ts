import type { Report } from '../../lib/report.ts';

// Spans of a source never touch, so whatever lies between one's end and the next one's start is a gap. The row at :to
// closes the last one, and is the only row of a source of which nothing is covered.
export const coverageGaps: Report = {
  name: 'coverage-gaps',
  description:
    'Spans of requested time that are not known to be listed completely, by account and region, the oldest first, with the last failure to list them. The newest quarter of an hour is never covered: it has not settled.',
  sql: `WITH sources AS (
  SELECT account_id, region FROM coverage
   UNION SELECT account_id, region FROM run_sources WHERE account_id IS NOT NULL
), edges AS (
  SELECT account_id, region, from_at, to_at FROM coverage WHERE to_at > :from AND from_at < :to
   UNION ALL SELECT account_id, region, :to, :to FROM sources
), gaps AS (
  SELECT account_id, region,
         lag(to_at, 1, :from) OVER (PARTITION BY account_id, region ORDER BY from_at) AS from_at, from_at AS to_at
    FROM edges
)
SELECT account_id, region, from_at, to_at,
       round((julianday(to_at) - julianday(from_at)) * 24, 3) AS hours,
       (SELECT s.error FROM sweeps s
         WHERE s.outcome <> 'complete' AND s.account_id = gaps.account_id AND s.region = gaps.region
           AND s.from_at < gaps.to_at AND coalesce(s.to_at, gaps.to_at) > gaps.from_at
           AND s.command_id IS NULL AND s.error IS NOT NULL
         ORDER BY s.id DESC LIMIT 1) AS last_error
  FROM gaps
 WHERE from_at < to_at
 ORDER BY account_id, region, from_at`,
  parameters: [
    { name: 'from', type: 'time', description: 'Start of the span of requested time.', default: '-30d' },
    { name: 'to', type: 'time', description: 'End of the span of requested time.', default: '-1h' },
  ],
};
