import { conditionsOf } from '../../../archive/invocations/invocation-filter.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';

/** The SQL uses the full names of the tables, not aliases, because people read it. */
const TABLES = { invocations: 'invocations', plugins: 'plugins' };

/**
 * Returns SQL that finds the invocations of a view, the newest first. A person can develop it further. It has the same
 * conditions as the query of the view, with literals for values. A text that contains a NUL, which would end the SQL,
 * is written as its bytes.
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
  if (value === undefined) throw new Error('A condition has fewer values than placeholders.');
  if (typeof value === 'number') return String(value);
  if (value.includes('\u0000')) return `CAST(x'${Buffer.from(value, 'utf8').toString('hex')}' AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}
