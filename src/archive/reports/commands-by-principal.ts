import type { Report } from '../../questions/reports/report.ts';
import { filterParameter, SPAN_PARAMETERS } from './span-parameters.ts';

// The id of a node or a command is unique only in its account and region. An AWS service that sends commands on its own
// behalf has no ARN.
export const commandsByPrincipal: Report = {
  name: 'commands-by-principal',
  reads: 'span',
  inLake: 'same',
  description:
    'Who sent how many commands, to how many nodes, and how many of their invocations failed or timed out; the principal with the most commands first. `principal` is "not recorded" if no CloudTrail event of the command was imported (ssm-archive import-senders).',
  sql: `SELECT coalesce(s.principal_arn, s.invoked_by, s.principal_id, 'not recorded') AS principal,
       max(s.principal_type) AS principal_type, max(s.session_issuer_arn) AS role_arn,
       count(DISTINCT i.account_id || ' ' || i.region || ' ' || i.command_id) AS commands,
       count(DISTINCT i.account_id || ' ' || i.region || ' ' || i.instance_id) AS nodes,
       count(*) AS invocations,
       count(*) FILTER (WHERE i.status IN ('Failed', 'TimedOut')) AS failures,
       min(i.requested_at) AS first_requested_at, max(i.requested_at) AS last_requested_at
  FROM invocations i
  LEFT JOIN command_senders s
    ON s.account_id = i.account_id AND s.region = i.region AND s.command_id = i.command_id
 WHERE i.requested_at >= :from AND i.requested_at < :to
   AND (:account = '' OR i.account_id = :account)
   AND (:document = '' OR i.document_name = :document)
 GROUP BY principal
 ORDER BY commands DESC, principal`,
  parameters: [...SPAN_PARAMETERS, filterParameter('account'), filterParameter('document')],
};
