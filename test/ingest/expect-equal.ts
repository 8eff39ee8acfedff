import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ArchiveDb } from '../../src/db/open.ts';
import { partsOfName } from '../../src/model/member-row.ts';
import { INVOCATION_MEMBERS, type Kind, type MemberList, membersOf, STEP_MEMBERS } from '../../src/model/members.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';

type Row = Record<string, unknown>;

/** Expects the archive to have exactly what the service shows for one account and region, field by field. */
export function expectEqualToService(db: ArchiveDb, simulator: Simulator, accountId: string, region: string): number {
  const shown = [...simulator.truth(accountId, region)].map((record) =>
    expectedRow(JSON.parse(JSON.stringify(record))),
  );
  const kept = archivedRows(db, accountId, region);
  expect(kept.size).toBe(shown.length);
  expectRows(kept, shown);
  return shown.length;
}

/** Expects the archive to have every invocation that the service shows, as shown; it may also have older ones. */
export function expectHoldsService(db: ArchiveDb, simulator: Simulator, accountId: string, region: string): number {
  const shown = [...simulator.truth(accountId, region)].map((record) =>
    expectedRow(JSON.parse(JSON.stringify(record))),
  );
  const kept = archivedRows(db, accountId, region);
  expectRows(kept, shown);
  return shown.length;
}

/** Stricter than toEqual for each row, but fast: toEqual would take most of the time with thousands of rows. */
function expectRows(kept: ReadonlyMap<string, Row>, shown: readonly Row[]): void {
  for (const row of shown) {
    const own = kept.get(`${row.command_id} ${row.instance_id}`);
    if (!isDeepStrictEqual(own, row)) expect(own).toEqual(row);
  }
}

function expectedRow(record: Row): Row {
  const plugins = Array.isArray(record.CommandPlugins) ? record.CommandPlugins : [];
  return {
    command_id: record.CommandId,
    instance_id: record.InstanceId,
    ...columnsOf(INVOCATION_MEMBERS, record),
    plugins: plugins.map((plugin: Row, position) => ({ position, ...columnsOf(STEP_MEMBERS, plugin) })),
  };
}

/** Returns the columns that the archive must have for this record of the service. Outputs are compared as text. */
function columnsOf(list: MemberList, record: Row): Row {
  const columns = membersOf(list).map(({ aws, column, kind }) => {
    const { within, own } = partsOfName(aws);
    const holder = within === undefined ? record : record[within];
    return [kind === 'output' ? 'output' : column, columnOf(kind, isRow(holder) ? holder[own] : undefined)];
  });
  return Object.fromEntries(columns);
}

function columnOf(kind: Kind, value: unknown): unknown {
  if (value === undefined) return null;
  if (kind === 'time') return new Date(Math.round(Number(value) * 1000)).toISOString();
  if (kind === 'flag') return Number(value);
  return kind === 'list' || kind === 'object' ? JSON.stringify(value) : value;
}

function archivedRows(db: ArchiveDb, accountId: string, region: string): Map<string, Row> {
  const steps = membersOf(STEP_MEMBERS)
    .map(({ column, kind }) => (kind === 'output' ? 'o.text AS output' : `p.${column}`))
    .join(', ');
  const stepsOf = db.sqlite.prepare<unknown[], Row>(
    `SELECT p.position, ${steps}
       FROM plugins p LEFT JOIN outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );
  const rows = db.sqlite
    .prepare<unknown[], Row>('SELECT * FROM invocations WHERE account_id = ? AND region = ?')
    .all(accountId, region);
  return new Map(
    rows.map(({ id, account_id, region: _, first_seen_at, changed_at, fingerprint, ...row }) => [
      `${row.command_id} ${row.instance_id}`,
      { ...row, plugins: stepsOf.all(id) },
    ]),
  );
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
