import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

export const slowestSteps: Report = {
  name: 'slowest-steps',
  reads: 'span',
  inLake: 'same',
  description:
    'Steps that took longest from start to finish, the slowest first. Steps that the agent skipped took no time.',
  sql: `SELECT duration_ms, document_name, plugin_name, account_id, region, instance_id, instance_name,
       started_at, finished_at, status, response_code, command_id, position
  FROM plugin_runs
 WHERE requested_at >= :from AND requested_at < :to AND duration_ms IS NOT NULL
   AND (:document = '' OR document_name = :document)
 ORDER BY duration_ms DESC, account_id, region, command_id, instance_id, position
 LIMIT CASE WHEN :most > 0 THEN :most ELSE 0 END`,
  parameters: [
    ...SPAN_PARAMETERS,
    filterParameter('document'),
    { name: 'most', type: 'integer', description: 'How many steps.', default: '100' },
  ],
};
