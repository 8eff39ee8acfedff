import { isUnfinished } from '../../db/sql/final-sql.ts';
import type { Report } from '../../questions/reports/report.ts';

// The condition repeats that of the partial index invocations_unfinished word for word, so that SQLite uses the index
// and reads nothing else. Without the +, SQLite would read all rows in order instead.
export const unfinished: Report = {
  name: 'unfinished',
  reads: 'nothing',
  inLake: {
    needs: 'the table unfinished_commands, SQLite’s dates, and its iif',
    refusal: 'no such table: unfinished_commands',
  },
  description:
    'Invocations that are not final yet, as last seen, the oldest first. If `forgotten_at` is set, the service no longer shows the command, so its end will never be known.',
  sql: `SELECT i.requested_at, iif(i.requested_at <= :as_of, round((julianday(:as_of) - julianday(i.requested_at)) * 24, 1), NULL) AS age_hours,
       i.account_id, i.region, i.instance_id, i.instance_name, i.document_name, i.status, i.status_details,
       i.changed_at, u.forgotten_at, i.comment, i.command_id
  FROM invocations i
  LEFT JOIN unfinished_commands u
    ON u.account_id = i.account_id AND u.region = i.region AND u.command_id = i.command_id
 WHERE ${isUnfinished('i.status')}
 ORDER BY +i.requested_at NULLS LAST, i.account_id, i.region, i.command_id, i.instance_id`,
  parameters: [{ name: 'as_of', type: 'time', description: 'The time up to which ages are counted.', default: 'now' }],
};
