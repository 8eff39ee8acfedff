/** What an invocation must be to be listed. All that is given holds; text is compared exactly. Times are ISO text. */
export interface InvocationFilter {
  accountId?: string | undefined;
  region?: string | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
  /** The beginning of InstanceName. */
  instanceNamePrefix?: string | undefined;
  documentName?: string | undefined;
  /** Any of these as Status or as StatusDetails. */
  statuses?: readonly string[] | undefined;
  /** Contained in Comment. */
  comment?: string | undefined;
  /** Inclusive. */
  requestedAfter?: string | undefined;
  /** Exclusive. */
  requestedBefore?: string | undefined;
  /** Inclusive. */
  changedAfter?: string | undefined;
  /** One step of the invocation is all of this. */
  step?: StepFilter | undefined;
}

export interface StepFilter {
  name?: string | undefined;
  responseCode?: { operator: '=' | '<>' | '>' | '<'; code: number } | undefined;
  /** An FTS5 expression that its output matches, as parseSearch makes it. */
  match?: string | undefined;
}

/** The tables that a question is put to: the archive's, or those of a past moment. */
export interface InvocationTables {
  invocations: string;
  plugins: string;
}

export const PRESENT: InvocationTables = { invocations: 'main.invocations', plugins: 'main.plugins' };

/** A condition on `i`, a row of invocations, with its parameters in order. */
export interface Condition {
  sql: string;
  params: readonly (string | number)[];
}

/** The conditions of a filter, by the member that each comes from. Only literals of this file reach the SQL. */
export function conditionsOf(
  filter: InvocationFilter,
  tables: InvocationTables,
): Map<keyof InvocationFilter, Condition> {
  const conditions = new Map<keyof InvocationFilter, Condition>();
  const add = (member: keyof InvocationFilter, sql: string, ...params: (string | number)[]) =>
    conditions.set(member, { sql, params });
  const { accountId, region, commandId, instanceId, instanceNamePrefix, documentName, statuses, comment } = filter;
  if (accountId !== undefined) add('accountId', 'i.account_id = ?', accountId);
  if (region !== undefined) add('region', 'i.region = ?', region);
  if (commandId !== undefined) add('commandId', 'i.command_id = ?', commandId);
  if (instanceId !== undefined) add('instanceId', 'i.instance_id = ?', instanceId);
  // Not substr, which ends at a NUL.
  if (instanceNamePrefix !== undefined) add('instanceNamePrefix', 'instr(i.instance_name, ?) = 1', instanceNamePrefix);
  if (documentName !== undefined) add('documentName', 'i.document_name = ?', documentName);
  if (statuses !== undefined && statuses.length > 0) {
    const marks = statuses.map(() => '?').join(', ');
    add('statuses', `(i.status IN (${marks}) OR i.status_details IN (${marks}))`, ...statuses, ...statuses);
  }
  if (comment !== undefined) add('comment', 'instr(i.comment, ?) > 0', comment);
  if (filter.requestedAfter !== undefined) add('requestedAfter', 'i.requested_at >= ?', filter.requestedAfter);
  if (filter.requestedBefore !== undefined) add('requestedBefore', 'i.requested_at < ?', filter.requestedBefore);
  if (filter.changedAfter !== undefined) add('changedAfter', 'i.changed_at >= ?', filter.changedAfter);
  const step = stepCondition(filter.step);
  if (step) {
    const sql = `EXISTS (SELECT 1 FROM ${tables.plugins} p WHERE p.invocation_id = i.id AND ${step.sql})`;
    conditions.set('step', { sql, params: step.params });
  }
  return conditions;
}

/** The condition on `p`, a row of plugins, or undefined where any step will do. */
export function stepCondition(step: StepFilter | undefined): Condition | undefined {
  const parts: Condition[] = [];
  if (step?.name !== undefined) parts.push({ sql: 'p.name = ?', params: [step.name] });
  if (step?.responseCode) {
    parts.push({ sql: `p.response_code ${step.responseCode.operator} ?`, params: [step.responseCode.code] });
  }
  if (step?.match !== undefined) {
    parts.push({
      sql: 'p.output_id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ?)',
      params: [step.match],
    });
  }
  return parts.length > 0 ? joined(parts) : undefined;
}

/** All of the conditions at once; no condition is true. */
export function joined(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.length > 0 ? conditions.map(({ sql }) => sql).join(' AND ') : 'true',
    params: conditions.flatMap(({ params }) => params),
  };
}
