import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

export const whatRan: Report = {
  name: 'what-ran',
  reads: 'span',
  inLake: 'same',
  description: 'What ran where between two times: every invocation with its present status, oldest first.',
  sql: `SELECT requested_at, account_id, region, instance_id, instance_name, document_name, document_version,
       status, status_details, comment, command_id
  FROM invocations
 WHERE requested_at >= :from AND requested_at < :to
   AND (:account = '' OR account_id = :account)
   AND (:document = '' OR document_name = :document)
   AND (:node = '' OR instance_id = :node)
 ORDER BY requested_at, account_id, region, command_id, instance_id`,
  parameters: [...SPAN_PARAMETERS, filterParameter('account'), filterParameter('document'), filterParameter('node')],
};
