import type { Report } from '../../questions/reports/report.ts';
import { SPAN_PARAMETERS } from './span-parameters.ts';

export const firstEverDocuments: Report = {
  name: 'first-ever-documents',
  reads: 'nothing',
  inLake: 'same',
  description:
    'Documents that were sent for the first time in their account, as far back as the archive goes, each with its first command; the newest first.',
  sql: `WITH sent AS (
  SELECT account_id, document_name, requested_at, region, command_id, comment,
         row_number() OVER (PARTITION BY account_id, document_name ORDER BY requested_at, command_id, region) AS place,
         count(*) OVER (PARTITION BY account_id, document_name) AS commands
    FROM commands WHERE requested_at IS NOT NULL
)
SELECT requested_at AS first_requested_at, account_id, document_name, region, comment, commands, command_id
  FROM sent
 WHERE place = 1 AND requested_at >= :from AND requested_at < :to
 ORDER BY first_requested_at DESC, account_id, document_name`,
  parameters: [...SPAN_PARAMETERS],
};
