import type { Report } from '../../questions/reports/report.ts';

// Covered spans of an account and region never touch, so everything between the end of one and the start of the next is
// a gap. The row at :to closes the last gap, and is the only row if nothing is covered. If the collection of an account
// and region was ended, the row is not at :to but at that end, or at the last covered moment if that is less than an
// hour before the end. If the account or region of a source is not known, the whole span of the source is a gap, from
// the oldest time that the service still showed when the source was configured. Its last error comes from its passes,
// because the source never listed anything.
export const coverageGaps: Report = {
  name: 'coverage-gaps',
  reads: 'nothing',
  inLake: { needs: 'the table sweeps, SQLite’s dates, and its IS between two columns', refusal: 'near "gaps"' },
  description:
    'Spans of requested time that the archive may lack, by account and region, the oldest first. A gap is not known to be listed completely; the last failure to list it is shown. An edge was listed, but may lack later invocations of commands that were sent before it. A missing source, shown by its name, is owed, and AWS has never answered it. The newest quarter of an hour is never covered, because it has not settled yet.',
  sql: `WITH places AS (
  SELECT account_id, region FROM coverage
   UNION SELECT account_id, region FROM run_sources WHERE account_id IS NOT NULL
   UNION SELECT account_id, region FROM owed_sources WHERE account_id IS NOT NULL AND region IS NOT NULL
), ended AS (
  SELECT account_id, region, max(ended_at) AS at FROM owed_sources WHERE is_double = 0
   GROUP BY account_id, region HAVING count(ended_at) = count(*)
), sources AS (
  SELECT place.account_id, place.region,
         min(:to, coalesce((SELECT max(c.to_at) FROM coverage c WHERE c.account_id = e.account_id AND c.region = e.region
                             AND julianday(e.at) - julianday(c.to_at) < 1.0 / 24), e.at, :to)) AS to_at
    FROM places place LEFT JOIN ended e USING (account_id, region)
), listed AS (
  SELECT account_id, region, from_at, to_at FROM coverage WHERE to_at > :from AND from_at < :to
   UNION ALL SELECT account_id, region, to_at, to_at FROM sources
), gaps AS (
  SELECT NULL AS alias, account_id, region, 'gap' AS state,
         lag(to_at, 1, :from) OVER (PARTITION BY account_id, region ORDER BY from_at) AS from_at, from_at AS to_at
    FROM listed
   UNION ALL
  SELECT NULL, account_id, region, state, max(from_at, :from), min(to_at, :to)
    FROM coverage_states WHERE state = 'edge' AND to_at > :from AND from_at < :to
   UNION ALL
  SELECT alias, account_id, region, 'missing', max(:from, strftime('%Y-%m-%dT%H:%M:%fZ', since_at, '-30 days')), min(:to, coalesce(ended_at, :to))
    FROM owed_sources WHERE (account_id IS NULL OR region IS NULL) AND is_double = 0
), failures AS (
  SELECT gaps.*,
         (SELECT s.error FROM sweeps s
           WHERE s.outcome <> 'complete' AND s.account_id = gaps.account_id AND s.region = gaps.region
             AND s.from_at < gaps.to_at AND coalesce(s.to_at, gaps.to_at) > gaps.from_at
             AND s.command_id IS NULL AND s.error IS NOT NULL
           ORDER BY s.id DESC LIMIT 1) AS sweep_error,
         (SELECT r.error FROM owed_sources o JOIN run_sources r ON r.alias = o.alias AND r.region = coalesce(o.region, '')
           WHERE (o.alias = gaps.alias AND o.region IS gaps.region OR o.account_id = gaps.account_id AND o.region = gaps.region)
             AND (r.account_id IS NULL OR r.account_id IS o.account_id) AND r.outcome <> 'complete' AND r.error IS NOT NULL
             AND r.finished_at >= gaps.from_at
           ORDER BY r.run_id DESC LIMIT 1) AS pass_error
    FROM gaps
   WHERE from_at < to_at
)
SELECT account_id, region, from_at, to_at,
       round((julianday(to_at) - julianday(from_at)) * 24, 3) AS hours,
       CASE WHEN state <> 'edge' THEN coalesce(sweep_error, pass_error) END AS last_error, state, alias AS missing_source
  FROM failures
 ORDER BY account_id, region, alias, from_at`,
  parameters: [
    { name: 'from', type: 'time', description: 'Start of the span of requested time.', default: '-30d' },
    { name: 'to', type: 'time', description: 'End of the span of requested time.', default: '-1h' },
  ],
};
