import type { Database } from 'better-sqlite3';
import { isUnlisted, valuesOfState } from '../../archive/sealed/record-sealed-values.ts';
import { SEALED_MEMBERS, type SealedKind } from '../../archive/sealed/sealed-values.ts';
import { INVOCATION_MEMBERS } from '../../model/members.ts';
import { asMembers } from '../../model/read-member.ts';
import type { LakeRow, LakeValue } from '../tables/lake-table.ts';
import type { DayTables } from './create-sealed-checker.ts';
import type { WholeInvocation } from './walk-invocations.ts';

/** Compares the values of a day's invocations with `sealed_values`, by which they count as seen. */
export interface ValueChecker {
  add(whole: WholeInvocation): void;
  /** Returns what is wrong, and the numbers of the rows of `sealed_values` that the day has. */
  end(): { faults: string[]; rows: Float64Array };
}

interface Found {
  kind: SealedKind;
  value: string;
  accountId: string;
  region: string;
  /** Of a comment, one of the commands that have it. */
  commandId: string;
}

const COLUMNS = SEALED_MEMBERS.map((name) => [name, INVOCATION_MEMBERS[name].column] as const);

export function createValueChecker(sqlite: Database, day: string, tables: DayTables): ValueChecker {
  const found = new Map<string, Found>();
  return {
    add(whole) {
      const { invocations } = tables;
      const text = (column: string) => textOf(invocations.value(whole.row, column));
      const [accountId, region, commandId] = [text('account_id') ?? '', text('region') ?? '', text('command_id') ?? ''];
      for (const [kind, value] of valuesOf(whole, tables)) {
        if (value === null || (value === '' && kind !== 'place')) continue;
        const key = `${kind} ${accountId} ${region} ${value}`;
        if (!found.has(key)) found.set(key, { kind, value, accountId, region, commandId });
      }
    },
    end() {
      const faults: string[] = [];
      const rows: number[] = [];
      const find = sqlite.prepare<[Found], { id: number; firstDay: string; lastDay: string }>(
        `SELECT rowid AS id, first_day AS firstDay, last_day AS lastDay FROM main.sealed_values
          WHERE kind = :kind AND value = :value AND account_id = :accountId AND region = :region`,
      );
      for (const one of found.values()) {
        const name = `the ${one.kind} ${JSON.stringify(one.value)} of ${one.accountId}, ${one.region}`;
        const row = find.get(one);
        if (row) rows.push(row.id);
        else if (one.kind !== 'comment' || !isOfCommand(sqlite, one))
          faults.push(`sealed_values lacks ${name}, so it does not count as seen`);
        if (row && (row.firstDay > day || row.lastDay < day))
          faults.push(
            `sealed_values says of ${name} that no day before ${row.firstDay} or after ${row.lastDay} has it`,
          );
      }
      return { faults, rows: Float64Array.from(rows) };
    },
  };
}

function* valuesOf(
  { row, parts }: WholeInvocation,
  { invocations, plugins, revisions }: DayTables,
): Generator<readonly [SealedKind, string | null]> {
  const of = (table: { value(row: LakeRow, column: string): LakeValue }, one: LakeRow, column: string) =>
    textOf(table.value(one, column));
  yield ['place', ''];
  yield ['instanceId', of(invocations, row, 'instance_id')];
  for (const [name, column] of COLUMNS) yield [name, of(invocations, row, column)];
  yield ['comment', of(invocations, row, 'comment')];
  for (const step of parts.get('plugins') ?? []) yield ['pluginName', of(plugins, step, 'name')];
  const states = parts.get('revisions') ?? [];
  for (const [table, rows] of [[invocations, [row]] as const, [revisions, states] as const])
    for (const one of rows)
      for (const column of ['status', 'status_details']) {
        const status = of(table, one, column);
        if (isUnlisted(status)) yield ['status', status];
      }
  // Rows have the values of the last state.
  for (const state of states.slice(0, -1)) {
    const members = asMembers(JSON.parse(of(revisions, state, 'state_json') || 'null'));
    if (members) yield* valuesOfState(members);
  }
}

/** Comments that a command has, or may have had, are found there. */
function isOfCommand(sqlite: Database, { value, accountId, region, commandId }: Found): boolean {
  const row = sqlite
    .prepare<[object], { comment: string | null; states: number }>(
      `SELECT c.comment, (SELECT count(*) FROM main.command_states s WHERE s.account_id = c.account_id
          AND s.region = c.region AND s.command_id = c.command_id) AS states
         FROM main.commands c WHERE c.account_id = :accountId AND c.region = :region AND c.command_id = :commandId`,
    )
    .get({ accountId, region, commandId });
  return row !== undefined && (row.comment === value || row.states > 1);
}

function textOf(value: LakeValue): string | null {
  return typeof value === 'string' ? value : null;
}
