import { conditionsOf } from '../../../archive/invocations/invocation-filter.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';

/** As a person who reads SQL has them. */
const TABLES = { invocations: 'invocations', plugins: 'plugins' };

/**
 * The question of a view as SQL that a person can go on with: the same invocations, the newest first. It is made of the very
 * conditions that the view is found by. Texts stand in it as literals; one with a NUL, which ends SQL's text, as the text of its bytes.
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
