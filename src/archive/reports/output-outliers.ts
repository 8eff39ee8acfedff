import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

// Equal outputs have the same id, so no texts are compared. If two outputs are equally common, neither of them is an
// outlier.
export const outputOutliers: Report = {
  name: 'output-outliers',
  reads: 'span',
  inLake: { needs: 'outputs by number, and SQLite’s IS NOT', refusal: 'near "1"' },
  description:
    'Nodes whose last output of a step differs from what most nodes printed, by document and step, the rarest output first. Steps that the agent skipped are left out. Give a document or a command to see only that one.',
  sql: `WITH runs AS (
  SELECT i.document_name, p.position, p.name AS plugin_name, i.account_id, i.region, i.instance_id, i.instance_name,
         i.requested_at, i.command_id, p.status, p.response_code, p.output_id,
         row_number() OVER (
           PARTITION BY i.document_name, p.position, p.name, i.account_id, i.region, i.instance_id
           ORDER BY i.requested_at DESC, i.command_id) AS age
    FROM invocations i JOIN plugins p ON p.invocation_id = i.id
   WHERE i.requested_at >= :from AND i.requested_at < :to
     AND p.is_skipped IS NOT 1 AND p.output_id IS NOT NULL AND p.finished_at > '1970-01-01T00:00:00.000Z'
     AND (:document = '' OR i.document_name = :document)
     AND (:command = '' OR i.command_id = :command)
), alike AS (
  SELECT *, count(*) OVER (PARTITION BY document_name, position, plugin_name, output_id) AS nodes_alike
    FROM runs WHERE age = 1
), compared AS (
  SELECT *, max(nodes_alike) OVER (PARTITION BY document_name, position, plugin_name) AS most_alike,
         count(*) OVER (PARTITION BY document_name, position, plugin_name) AS nodes
    FROM alike
)
SELECT document_name, position, plugin_name, account_id, region, instance_id, instance_name, requested_at,
       status, response_code, nodes_alike, most_alike, nodes, decode_text(o.text) AS output, command_id
  FROM compared JOIN outputs o ON o.id = output_id
 WHERE nodes_alike < most_alike
 ORDER BY document_name, position, plugin_name, nodes_alike, account_id, region, instance_id`,
  parameters: [...SPAN_PARAMETERS, filterParameter('document'), filterParameter('command')],
};
