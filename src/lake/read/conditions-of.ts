import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import type { DayFiles } from '../files/day-files.ts';
import { fromFiles, literal } from './from-files.ts';

/** A list of more commands than this costs more than the rows that it keeps away. */
const MOST_COMMANDS = 1000;

/**
 * Returns conditions of DuckDB's SQL that every invocation meets which the filter finds; some others may meet them too,
 * because the archive's own SQL decides. Members that never change are enough for invocations in a past state.
 */
export function conditionsOf(hot: Database, filter: InvocationFilter, days: readonly DayFiles[]): string[] {
  const { documentName, status, instanceName, comment, requestedAfter, requestedBefore, changedAfter } = filter;
  const conditions = unchangingOf(hot, filter);
  const add = (value: string | undefined, sql: (value: string) => string) => {
    if (value !== undefined) conditions.push(sql(literal(value)));
  };
  add(documentName, (value) => `document_name = ${value}`);
  add(instanceName, (value) => `starts_with(instance_name, ${value})`);
  add(comment, (value) => `contains(comment, ${value})`);
  add(requestedAfter, (value) => `requested_at >= ${value}`);
  add(requestedBefore, (value) => `requested_at < ${value}`);
  add(changedAfter, (value) => `changed_at >= ${value}`);
  if (status && status.length > 0) {
    const values = status.map(literal).join(', ');
    conditions.push(`(status IN (${values}) OR status_details IN (${values}))`);
  }
  const step = stepOf(filter);
  const plugins = days.flatMap(({ paths }) => paths.plugins ?? []);
  if (step.length > 0 && plugins.length > 0)
    conditions.push(`id IN (SELECT invocation_id FROM ${fromFiles(plugins)} WHERE ${step.join(' AND ')})`);
  return conditions;
}

/** Returns the conditions on members that an invocation has in all of its states. */
export function unchangingOf(hot: Database, filter: InvocationFilter): string[] {
  const conditions = keyOf(filter);
  const commands = filter.sender === undefined ? undefined : commandsOf(hot, filter.sender);
  if (commands && commands.length <= MOST_COMMANDS)
    conditions.push(commands.length === 0 ? 'false' : `command_id IN (${commands.map(literal).join(', ')})`);
  return conditions;
}

/** Returns the conditions on the columns that all tables of the lake have. */
export function keyOf({ account, region, commandId, instanceId }: InvocationFilter): string[] {
  const columns = { account_id: account, region, command_id: commandId, instance_id: instanceId };
  return Object.entries(columns).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${literal(value)}`],
  );
}

function stepOf({ pluginName, responseCode }: InvocationFilter): string[] {
  return [
    ...(pluginName === undefined ? [] : [`name = ${literal(pluginName)}`]),
    ...(responseCode === undefined ? [] : [`response_code ${responseCode.operator} ${literal(responseCode.code)}`]),
  ];
}

function commandsOf(hot: Database, sender: string): string[] {
  return prepareOnce<[string], string>(
    hot,
    `SELECT DISTINCT command_id FROM command_senders WHERE principal_arn = ? LIMIT ${MOST_COMMANDS + 1}`,
  )
    .pluck()
    .all(sender);
}
