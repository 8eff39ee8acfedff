import { FINAL_LIST, isUnfinished } from '../../db/sql/final-sql.ts';
import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

export const statusByNode: Report = {
  name: 'status-by-node',
  reads: 'span',
  inLake: 'same',
  description:
    'How runs ended on each node: the number of invocations by status, and which share of the final ones succeeded. The worst node comes first.',
  sql: `WITH nodes AS (
  SELECT account_id, region, instance_id,
       count(*) AS invocations,
       count(*) FILTER (WHERE status = 'Success') AS succeeded,
       count(*) FILTER (WHERE status = 'Failed') AS failed,
       count(*) FILTER (WHERE status = 'TimedOut') AS timed_out,
       count(*) FILTER (WHERE status = 'Cancelled') AS cancelled,
       count(*) FILTER (WHERE ${isUnfinished('status')}) AS others,
       round(100.0 * count(*) FILTER (WHERE status = 'Success')
         / nullif(count(*) FILTER (WHERE status IN ${FINAL_LIST}), 0), 1) AS success_percent,
       max(requested_at) AS last_requested_at
  FROM invocations
 WHERE requested_at >= :from AND requested_at < :to
   AND (:account = '' OR account_id = :account)
 GROUP BY account_id, region, instance_id
)
SELECT account_id, region, instance_id,
       (SELECT max(i.instance_name) FROM invocations i
         WHERE i.account_id = nodes.account_id AND i.region = nodes.region AND i.instance_id = nodes.instance_id
           AND i.requested_at = nodes.last_requested_at) AS instance_name,
       invocations, succeeded, failed, timed_out, cancelled, others, success_percent, last_requested_at
  FROM nodes
 ORDER BY success_percent NULLS LAST, invocations DESC, account_id, region, instance_id`,
  parameters: [...SPAN_PARAMETERS, filterParameter('account')],
};
