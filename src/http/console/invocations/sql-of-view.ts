import { conditionsOf } from '../../../archive/invocations/invocation-filter.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';

/** The names of the tables in the SQL, without aliases, for people who read it. */
const TABLES = { invocations: 'invocations', plugins: 'plugins' };

/**
 * Returns the question of a view as SQL that a person can go on with: the same invocations, the newest first. It is
 * made from the same conditions by which the view finds them, with literals for values. A text with a NUL, which would
 * end the SQL, is written as its bytes.
 */
export function sqlOfView(filter: InvocationFilter): string {
  const conditions = [...conditionsOf(filter, TABLES).values()].map(({ sql, params }) => {
    const values = [...params];
    return sql.replace(/\?/g, () => literal(values.shift()));
  });
  const where = conditions.length === 0 ? '' : `\n WHERE ${conditions.join('\n   AND ')}`;
  return `SELECT i.requested_at, i.status, i.status_details, i.document_name, i.account_id, i.region, i.instance_id, i.instance_name, i.command_id, i.comment
  FROM invocations i${where}
 ORDER BY i.requested_at DESC`;
}

function literal(value: string | number | undefined): string {
  if (value === undefined) throw new Error('A condition has fewer values than it asks for.');
  if (typeof value === 'number') return String(value);
  if (value.includes('\u0000')) return `CAST(x'${Buffer.from(value, 'utf8').toString('hex')}' AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}
