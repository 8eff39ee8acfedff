import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

export const outputChanges: Report = {
  name: 'output-changes',
  reads: 'span',
  inLake: { needs: 'outputs by number, and SQLite’s IS NOT', refusal: 'near "1"' },
  description:
    'Steps whose output differs from that of the previous run of the same document on the same node. Both runs must be in the span. Sorted by node, document and step, then oldest first. Steps that the agent skipped are left out.',
  sql: `WITH runs AS (
  SELECT i.account_id, i.region, i.instance_id, i.instance_name, i.document_name, p.position, p.name AS plugin_name,
         i.requested_at, i.command_id, p.status, p.response_code, p.output_id,
         lag(i.requested_at) OVER earlier AS previous_requested_at,
         lag(i.command_id) OVER earlier AS previous_command_id,
         lag(p.response_code) OVER earlier AS previous_response_code,
         lag(p.output_id) OVER earlier AS previous_output_id
    FROM invocations i JOIN plugins p ON p.invocation_id = i.id
   WHERE i.requested_at >= :from AND i.requested_at < :to
     AND p.is_skipped IS NOT 1 AND p.output_id IS NOT NULL AND p.finished_at > '1970-01-01T00:00:00.000Z'
     AND (:document = '' OR i.document_name = :document)
     AND (:node = '' OR i.instance_id = :node)
  WINDOW earlier AS (
    PARTITION BY i.account_id, i.region, i.instance_id, i.document_name, p.position, p.name
    ORDER BY i.requested_at, i.command_id)
)
SELECT account_id, region, instance_id, instance_name, document_name, position, plugin_name,
       previous_requested_at, requested_at, previous_response_code, response_code,
       decode_text(before.text) AS previous_output, decode_text(after.text) AS output, previous_command_id, command_id
  FROM runs
  JOIN outputs before ON before.id = previous_output_id
  JOIN outputs after ON after.id = output_id
 WHERE output_id <> previous_output_id
 ORDER BY account_id, region, instance_id, document_name, position, plugin_name, requested_at, command_id`,
  parameters: [...SPAN_PARAMETERS, filterParameter('document'), filterParameter('node')],
};
