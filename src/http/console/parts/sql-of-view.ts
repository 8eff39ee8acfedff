import type { InvocationFilter } from '../../../archive/invocation-filter.ts';

/**
 * The question of a view as SQL that a person can go on with: the same invocations, the newest first. Texts stand in it as
 * literals; one with a NUL, which ends SQL's text, as the text of its bytes.
 */
export function sqlOfView(filter: InvocationFilter): string {
  const { accountId, region, commandId, instanceId, instanceNamePrefix, documentName, statuses } = filter;
  const conditions: string[] = [];
  const equals = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`${column} = ${literal(value)}`);
  };
  equals('account_id', accountId);
  equals('region', region);
  equals('document_name', documentName);
  equals('instance_id', instanceId);
  if (instanceNamePrefix !== undefined) conditions.push(`instr(instance_name, ${literal(instanceNamePrefix)}) = 1`);
  equals('command_id', commandId);
  if (statuses && statuses.length > 0) {
    const list = statuses.map(literal).join(', ');
    conditions.push(`(status IN (${list}) OR status_details IN (${list}))`);
  }
  if (filter.requestedAfter !== undefined) conditions.push(`requested_at >= ${literal(filter.requestedAfter)}`);
  if (filter.requestedBefore !== undefined) conditions.push(`requested_at < ${literal(filter.requestedBefore)}`);
  if (filter.step?.match !== undefined) {
    conditions.push(
      `id IN (SELECT invocation_id FROM plugins
          WHERE output_id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ${literal(filter.step.match)}))`,
    );
  }
  const where = conditions.length === 0 ? '' : `\n WHERE ${conditions.join('\n   AND ')}`;
  return `SELECT requested_at, status, status_details, document_name, account_id, region, instance_id, instance_name, command_id, comment
  FROM invocations${where}
 ORDER BY requested_at DESC`;
}

function literal(text: string): string {
  if (text.includes('\u0000')) return `CAST(x'${Buffer.from(text, 'utf8').toString('hex')}' AS TEXT)`;
  return `'${text.replaceAll("'", "''")}'`;
}
