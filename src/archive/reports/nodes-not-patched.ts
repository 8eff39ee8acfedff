import type { Report } from '../../lib/report.ts';

// Each + keeps SQLite from an index that would read far more: of all time, or of a whole account for each node.
export const nodesNotPatched: Report = {
  name: 'nodes-not-patched',
  description:
    'Nodes that were sent something since a time, but on which no patch baseline document (AWS-RunPatchBaseline and its variants) has succeeded since then: those never patched first, then the longest ago. Whether a run scanned or installed is not known to the archive; both count.',
  sql: `WITH active AS (
  SELECT account_id, region, instance_id, instance_name, max(requested_at) AS last_seen_at
    FROM invocations WHERE requested_at >= :since
   GROUP BY +account_id, region, instance_id
), patched AS (
  SELECT account_id, region, instance_id FROM invocations
   WHERE document_name IN ('AWS-RunPatchBaseline', 'AWS-RunPatchBaselineAssociation', 'AWS-RunPatchBaselineWithHooks')
     AND requested_at >= :since AND status = 'Success'
)
SELECT account_id, region, instance_id, instance_name,
       (SELECT max(i.requested_at) FROM invocations i
         WHERE i.instance_id = a.instance_id AND +i.account_id = a.account_id AND +i.region = a.region AND i.status = 'Success'
           AND i.document_name IN ('AWS-RunPatchBaseline', 'AWS-RunPatchBaselineAssociation', 'AWS-RunPatchBaselineWithHooks')
       ) AS last_patched_at,
       (SELECT max(i.requested_at) FROM invocations i
         WHERE i.instance_id = a.instance_id AND +i.account_id = a.account_id AND +i.region = a.region
           AND i.document_name IN ('AWS-RunPatchBaseline', 'AWS-RunPatchBaselineAssociation', 'AWS-RunPatchBaselineWithHooks')
       ) AS last_attempt_at,
       last_seen_at
  FROM active a
 WHERE (account_id, region, instance_id) NOT IN patched
 ORDER BY last_patched_at NULLS FIRST, account_id, region, instance_id`,
  parameters: [
    { name: 'since', type: 'time', description: 'Since when a node must have been patched.', default: '-30d' },
  ],
};
