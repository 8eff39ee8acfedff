import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { dayAfter } from '../../lib/time.ts';
import { STATUSES } from '../../model/final-status.ts';
import { createRowReader } from '../../model/member-row.ts';
import { INVOCATION_MEMBERS } from '../../model/members.ts';
import { asMembers, asText, type Members } from '../../model/read-member.ts';
import { SEALED_MEMBERS, type SealedKind } from './sealed-values.ts';

/** A value that an invocation of a day has, or had in an earlier state. */
export interface DayValue {
  kind: SealedKind;
  value: string;
  accountId: string;
  region: string;
}

/**
 * Notes the values of a day that is being sealed, so that each counts as seen after the rows have gone. Call it in the
 * transaction that writes the entry `sealed`; the values are read before that, because reading a day may take seconds.
 * What came after `values` was read is still in the file, and is noted when the day is sealed again.
 */
export function recordSealedValues(
  sqlite: Database,
  day: string,
  values: readonly DayValue[] = valuesOfDay(sqlite, day),
): void {
  const add = prepareOnce<[object], unknown>(
    sqlite,
    `INSERT INTO sealed_values (kind, value, account_id, region, first_day, last_day)
     VALUES (:kind, :value, :accountId, :region, :day, :day)
     ON CONFLICT DO UPDATE SET first_day = min(first_day, excluded.first_day), last_day = max(last_day, excluded.last_day)`,
  );
  for (const value of values) add.run({ ...value, day });
}

/** SQL for invocations `i` of a day. */
const OF_DAY = 'i.requested_at >= :day AND i.requested_at < :next';
const COLUMNS = 'i.account_id AS accountId, i.region';

const readMembers = createRowReader(INVOCATION_MEMBERS);

function distinct(column: string): string {
  return `SELECT DISTINCT ${column} AS value, ${COLUMNS} FROM main.invocations i WHERE ${OF_DAY}`;
}

/** SQL for the values of the rows of a day. */
const IN_ROWS: readonly (readonly [SealedKind, string])[] = [
  ['place', distinct("''")],
  ['instanceId', distinct('i.instance_id')],
  ...SEALED_MEMBERS.map((name) => [name, distinct(`i.${INVOCATION_MEMBERS[name].column}`)] as const),
  [
    'pluginName',
    `SELECT DISTINCT p.name AS value, ${COLUMNS}
       FROM main.invocations i JOIN main.plugins p ON p.invocation_id = i.id WHERE ${OF_DAY}`,
  ],
  [
    'comment',
    `SELECT DISTINCT i.comment AS value, ${COLUMNS} FROM (
       SELECT DISTINCT i.command_id, i.comment, i.account_id, i.region FROM main.invocations i WHERE ${OF_DAY}) i
       LEFT JOIN main.commands c ON c.command_id = i.command_id AND c.account_id = i.account_id AND c.region = i.region
      WHERE c.comment IS NOT i.comment`,
  ],
];

/** The values of Status and StatusDetails in the rows of a day, and in the earlier states of its invocations. */
const STATUS_VALUES = `SELECT DISTINCT i.status, i.status_details AS details, ${COLUMNS} FROM main.invocations i WHERE ${OF_DAY}
  UNION SELECT DISTINCT r.status, r.status_details, ${COLUMNS}
    FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id WHERE ${OF_DAY}`;

interface Place {
  accountId: string;
  region: string;
}

interface Span {
  day: string;
  next: string;
}

const LISTED = new Set<string | null>(STATUSES.map(({ name }) => name));

/** Whether AWS does not list this value of Status or StatusDetails. */
export function isUnlisted(status: string | null): boolean {
  return status !== null && !LISTED.has(status);
}

/** The values of a state, other than those of its key and its statuses, which rows have too. */
export function* valuesOfState(state: Members): Generator<[kind: SealedKind, value: string | null]> {
  const members = readMembers(state);
  for (const name of SEALED_MEMBERS) yield [name, members[name]];
  yield ['comment', asText(state.Comment)];
  const steps: unknown[] = Array.isArray(state.CommandPlugins) ? state.CommandPlugins : [];
  for (const step of steps) yield ['pluginName', asText(asMembers(step)?.Name)];
}

/** Reads the values of a day's rows and of their earlier states. Throws an error if a state can't be read. */
export function valuesOfDay(sqlite: Database, day: string): DayValue[] {
  const found = new Map<string, DayValue>();
  const add = (kind: SealedKind, value: string | null, { accountId, region }: Place) => {
    if (value === null || (value === '' && kind !== 'place')) return;
    found.set(JSON.stringify([kind, value, accountId, region]), { kind, value, accountId, region });
  };
  const span = { day, next: dayAfter(day) };
  for (const [kind, sql] of IN_ROWS) {
    const rows = prepareOnce<[Span], Place & { value: string | null }>(sqlite, sql).iterate(span);
    for (const { value, ...place } of rows) add(kind, value, place);
  }
  type Statuses = Place & { status: string | null; details: string | null };
  for (const { status, details, ...place } of prepareOnce<[Span], Statuses>(sqlite, STATUS_VALUES).iterate(span))
    for (const value of [status, details]) if (isUnlisted(value)) add('status', value, place);
  for (const { state, comment, ...place } of earlierStates(sqlite, span)) {
    for (const [kind, value] of valuesOfState(state))
      if (kind !== 'comment' || value !== comment) add(kind, value, place);
  }
  return [...found.values()];
}

type EarlierState = Place & { state: Members; comment: string | null };

/** The states of a day's invocations that a later one replaced, each with the comment that `commands` has. */
function* earlierStates(sqlite: Database, span: Span): Generator<EarlierState> {
  const rows = prepareOnce<[Span], Omit<EarlierState, 'state'> & { batchId: number; line: number }>(
    sqlite,
    `SELECT r.page_id AS batchId, r.line, c.comment, ${COLUMNS}
       FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id
       LEFT JOIN main.commands c ON c.command_id = i.command_id AND c.account_id = i.account_id AND c.region = i.region
      WHERE ${OF_DAY} AND EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = i.id AND n.seq > r.seq)
      ORDER BY r.page_id, r.line`,
  ).iterate(span);
  const readBatch = createBatchReader(sqlite);
  for (const { batchId, line, ...of } of rows) {
    const text = readBatch(batchId).states[line] ?? '';
    // The line of a state that was pruned is empty.
    const state = text === '' ? undefined : asMembers(JSON.parse(text));
    if (state) yield { ...of, state };
  }
}
