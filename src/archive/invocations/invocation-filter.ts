import { type Condition, joined } from '../../db/condition.ts';
import {
  FILTER_NAMES,
  FILTERS,
  type FilterName,
  type FilterValues,
  type InvocationFilter,
  isFilterName,
  type StepFilterName,
} from '../../questions/filters.ts';

/** The tables that a query reads: the present tables, or the tables of a past time. */
export interface InvocationTables {
  invocations: string;
  plugins: string;
}

export const PRESENT: InvocationTables = { invocations: 'invocations', plugins: 'plugins' };

/** The outputs in which the search finds something. */
export const MATCHING = 'SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ?';

/**
 * The SQL of each filter, on `i` (a row of invocations) or on `p` (a row of plugins). Only literals of this file get
 * into the SQL. No literal has a question mark, so sqlOfView can replace the question marks with texts.
 */
const SQL: { readonly [Name in FilterName]: (value: FilterValues[Name]) => Condition | undefined } = {
  account: equals('i.account_id'),
  region: equals('i.region'),
  commandId: equals('i.command_id'),
  instanceId: equals('i.instance_id'),
  // substr is not used, because it stops at a NUL.
  instanceName: (name) => ({ sql: 'instr(i.instance_name, ?) = 1', params: [name] }),
  documentName: equals('i.document_name'),
  status: (statuses) => {
    if (statuses.length === 0) return undefined;
    const marks = statuses.map(() => '?').join(', ');
    return { sql: `(i.status IN (${marks}) OR i.status_details IN (${marks}))`, params: [...statuses, ...statuses] };
  },
  comment: (text) => ({ sql: 'instr(i.comment, ?) > 0', params: [text] }),
  requestedAfter: (time) => ({ sql: 'i.requested_at >= ?', params: [time] }),
  requestedBefore: (time) => ({ sql: 'i.requested_at < ?', params: [time] }),
  changedAfter: (time) => ({ sql: 'i.changed_at >= ?', params: [time] }),
  sender: (arn) => ({
    sql: `EXISTS (SELECT 1 FROM main.command_senders s WHERE s.account_id = i.account_id AND s.region = i.region
    AND s.command_id = i.command_id AND s.principal_arn = ?)`,
    params: [arn],
  }),
  pluginName: equals('p.name'),
  responseCode: ({ operator, code }) => ({ sql: `p.response_code ${operator} ?`, params: [code] }),
  q: (match) => ({
    sql: `(p.output_id IN (${MATCHING}) OR (p.invocation_id, p.position) IN (
      SELECT f.invocation_id, f.position FROM full_outputs f WHERE f.output_id IN (${MATCHING})))`,
    params: [match, match],
  }),
};

function equals(column: string): (value: string) => Condition {
  return (value) => ({ sql: `${column} = ?`, params: [value] });
}

function conditionOf<Name extends FilterName>(name: Name, filter: InvocationFilter): Condition | undefined {
  const value = filter[name];
  return value === undefined ? undefined : SQL[name](value);
}

/** The source of a condition in a listing: one filter of the invocation, or all filters of its step together. */
export type ConditionName = Exclude<FilterName, StepFilterName> | 'step';

/** Returns the filter that finds the invocations with this key, or with the given parts of a key. */
export function filterOfKey({
  accountId,
  ...key
}: {
  accountId: string;
  region: string;
  commandId?: string;
  instanceId?: string;
}): InvocationFilter {
  const { region, commandId, instanceId } = key;
  return { account: accountId, region, commandId, instanceId };
}

/** The conditions of a whole filter, each under the name of the single filter that it comes from. */
export function conditionsOf(filter: InvocationFilter, tables: InvocationTables): Map<ConditionName, Condition> {
  // If we dropped a member that is not a filter, the answer would silently contain more than was asked for.
  for (const name of Object.keys(filter)) if (!isFilterName(name)) throw new Error(`There is no filter ${name}.`);
  const conditions = new Map<ConditionName, Condition>();
  for (const name of FILTER_NAMES) {
    if (isOfStep(name)) continue;
    const condition = conditionOf(name, filter);
    if (condition) conditions.set(name, condition);
  }
  const step = stepCondition(filter);
  if (step) {
    const sql = `EXISTS (SELECT 1 FROM ${tables.plugins} p WHERE p.invocation_id = i.id AND ${step.sql})`;
    conditions.set('step', { sql, params: step.params });
  }
  return conditions;
}

/** The condition on `p` (a row of plugins); undefined if the filter has no condition on steps. */
export function stepCondition(filter: InvocationFilter): Condition | undefined {
  const parts = FILTER_NAMES.filter(isOfStep).flatMap((name) => conditionOf(name, filter) ?? []);
  return parts.length > 0 ? joined(parts) : undefined;
}

function isOfStep(name: FilterName): name is StepFilterName {
  return FILTERS[name].of === 'step';
}
