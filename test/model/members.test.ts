import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listCommandRevisions } from '../../src/archive/commands/command-states.ts';
import { findCommands } from '../../src/archive/commands/find-commands.ts';
import { getCommand } from '../../src/archive/commands/get-command.ts';
import { listCommands } from '../../src/archive/commands/list-commands.ts';
import { exportList } from '../../src/archive/exports/export-list.ts';
import { exportInvocations } from '../../src/archive/invocations/export-invocations.ts';
import { findInvocations } from '../../src/archive/invocations/find-invocations.ts';
import { getInvocation } from '../../src/archive/invocations/get-invocation.ts';
import { listInvocations } from '../../src/archive/invocations/list-invocations.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { commandSchema } from '../../src/http/api/history/command-schemas.ts';
import { invocationSchema, pluginSchema } from '../../src/http/api/history/view-schemas.ts';
import { commandRecord } from '../../src/http/aws-archive/command-record.ts';
import { invocationRecord } from '../../src/http/aws-archive/invocation-record.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import { partsOfName } from '../../src/model/member-row.ts';
import {
  COMMAND_MEMBERS,
  INVOCATION_MEMBERS,
  type Kind,
  type MemberList,
  membersOf,
  STEP_MEMBERS,
} from '../../src/model/members.ts';
import { parseSchemaPage } from '../../src/questions/sql/parse-schema-page.ts';
import { SOURCE } from '../archive/raw-invocation.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { parseCsv } from '../lib/parse-csv.ts';
import { COMMAND, INVOCATION, KEY, markedCommand, markedInvocation, STEP } from './marked.ts';
import { markedArchive, markedView, WHOLE } from './marked-archive.ts';

type Row = Readonly<Record<string, unknown>>;

const TABLES: readonly [table: string, list: MemberList][] = [
  ['invocations', INVOCATION_MEMBERS],
  ['plugins', STEP_MEMBERS],
  ['commands', COMMAND_MEMBERS],
];
const TYPES: Readonly<Record<Kind, 'TEXT' | 'INTEGER'>> = {
  ...({ text: 'TEXT', time: 'TEXT', list: 'TEXT', object: 'TEXT' } as const),
  ...({ integer: 'INTEGER', flag: 'INTEGER', output: 'INTEGER' } as const),
};

/** The column names in plugin_runs that differ from the names in the tables, for an invocation and for a step. */
const IN_VIEW: Readonly<Record<string, string>> = {
  status: 'invocation_status',
  status_details: 'invocation_status_details',
};
const STEP_IN_VIEW: Readonly<Record<string, string>> = {
  name: 'plugin_name',
  output_id: 'output',
  standard_output_url: 'plugin_standard_output_url',
  standard_error_url: 'plugin_standard_error_url',
};
/** The members that are shown for each command in a list of commands, but not in the list's CSV. */
const NOT_IN_CSV = ['status', 'statusDetails', 'targetCount'];

const CSV = { ...WHOLE, format: 'csv', csvForm: 'safe' } as const;
const PLACE = { accountId: SOURCE.accountId, region: SOURCE.region };
const SEARCH = { ...PLACE, statuses: [], limit: 10 };
const COMMAND_KEY = { ...PLACE, commandId: KEY.CommandId };

/** The marked step as it is shown in lists, with its output's text and digest. */
const SHOWN_STEP: Row = { ...STEP.shown, outputSha256: sha256(String(STEP.shown.output)).toString('hex') };

function rowOf({ sqlite }: ArchiveDb, table: string): Row {
  return sqlite.prepare<[], Row>(`SELECT * FROM ${table}`).get() ?? {};
}

/** Returns the marks of a list's members by column, or by the name in `names` if there is one. */
function byColumn(list: MemberList, marks: Row, names: Readonly<Record<string, string>> = {}): Row {
  return Object.fromEntries(membersOf(list).map(({ name, column }) => [names[column] ?? column, marks[name]]));
}

function without(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function pushedText(write: (sink: { push(chunk: Uint8Array): void }) => unknown): string {
  const chunks: Buffer[] = [];
  write({ push: (chunk) => chunks.push(Buffer.from(chunk)) });
  return Buffer.concat(chunks).toString('utf8');
}

function csvCells(text: string): Row {
  const [header = [], cells = []] = parseCsv(text);
  return Object.fromEntries(header.map((name, n) => [name, cells[n]]));
}

/** Returns a value as a CSV cell. */
function cellOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

describe.each(TABLES)('each member in the table %s', (table, list) => {
  it('has a column whose type fits the kind of the member', () => {
    const { sqlite } = tempArchive();
    const types = sqlite
      .prepare<[string, string], string>('SELECT type FROM pragma_table_info(?) WHERE name = ?')
      .pluck();
    const found = membersOf(list).map(({ column }) => [column, types.get(table, column)]);
    expect(found).toEqual(membersOf(list).map(({ column, kind }) => [column, TYPES[kind]]));
  });

  it("has a sentence in docs/schema.md that gives the member's name in AWS", () => {
    const columns = parseSchemaPage(readFileSync('docs/schema.md', 'utf8')).get(table)?.columns;
    const unsaid = membersOf(list).filter(
      ({ aws, column, kind }) => kind !== 'output' && !columns?.get(column)?.includes(partsOfName(aws).own),
    );
    expect(unsaid.map(({ name }) => name)).toEqual([]);
  });
});

describe('each member of an invocation and of its steps', () => {
  it('is stored in its column', () => {
    const db = markedArchive();
    expect(rowOf(db, 'invocations')).toMatchObject(byColumn(INVOCATION_MEMBERS, INVOCATION.stored));
    expect(rowOf(db, 'plugins')).toMatchObject(without(byColumn(STEP_MEMBERS, STEP.stored), 'output_id'));
    expect(rowOf(db, 'outputs')).toMatchObject({ text: STEP.stored.output });
  });

  it('is in the view plugin_runs', () => {
    expect(rowOf(markedArchive(), 'plugin_runs')).toMatchObject({
      ...byColumn(INVOCATION_MEMBERS, INVOCATION.stored, IN_VIEW),
      ...byColumn(STEP_MEMBERS, STEP.stored, STEP_IN_VIEW),
    });
  });

  it('is shown by a list, even by a list for a past time, which is computed from the states', () => {
    const db = markedArchive();
    const shown = { ...INVOCATION.shown, plugins: [SHOWN_STEP] };
    expect(markedView(db)).toMatchObject(shown);
    const asOf = '2026-03-01T10:30:00.000Z';
    expect(listInvocations(db.sqlite, { ...WHOLE, asOf }).items).toMatchObject([shown]);
    const key = { ...COMMAND_KEY, instanceId: KEY.InstanceId };
    for (const at of [undefined, asOf]) expect(getInvocation(db.sqlite, key, at)).toMatchObject(shown);
  });

  it('is in CSV and in NDJSON', () => {
    const { sqlite } = markedArchive();
    const steps = Object.entries(SHOWN_STEP).map(([name, value]) => [
      `plugin${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value,
    ]);
    const expected = [...Object.entries(INVOCATION.shown), ...steps].map(([name, value]) => [name, cellOf(value)]);
    const csv = csvCells(pushedText((sink) => exportInvocations(sqlite, CSV, sink)));
    expect(csv).toMatchObject(Object.fromEntries(expected));
    for (const include of ['none', 'outputs'] as const) {
      const line = pushedText((sink) => exportInvocations(sqlite, { ...CSV, include, format: 'ndjson' }, sink));
      expect(JSON.parse(line)).toMatchObject(INVOCATION.shown);
      if (include === 'outputs') expect(JSON.parse(line)).toMatchObject({ plugins: [SHOWN_STEP] });
    }
  });

  it('is in the OpenAPI document, which has exactly the members that an item has', () => {
    const { plugins, ...invocation } = markedView(markedArchive());
    expect(Object.keys(invocationSchema.shape)).toEqual([...Object.keys(invocation), 'plugins']);
    expect(Object.keys(pluginSchema.shape)).toEqual(Object.keys(plugins[0] ?? {}));
    expect(invocationSchema.safeParse({ ...invocation, plugins }).error).toBeUndefined();
  });

  it('is returned by the AWS endpoint as the service sent it, in the order of the list', () => {
    const { sqlite } = markedArchive();
    const [item] = findInvocations(sqlite, { ...SEARCH, withPlugins: true }).items;
    if (!item) throw new Error('The archive has no marked invocation.');
    const record = invocationRecord(item);
    expect(record).toStrictEqual(markedInvocation());
    const own = membersOf(INVOCATION_MEMBERS).map(({ aws }) => partsOfName(aws).within ?? aws);
    const names = Object.keys(record).filter((name) => !['CommandId', 'InstanceId', 'CommandPlugins'].includes(name));
    expect(names).toEqual([...new Set(own)]);
  });
});

describe('each member of a command', () => {
  it('is stored in its column', () => {
    expect(rowOf(markedArchive(), 'commands')).toMatchObject(byColumn(COMMAND_MEMBERS, COMMAND.stored));
    expect(rowOf(markedArchive(), 'commands')).toMatchObject({ other_members_json: null });
  });

  it('is returned by the AWS endpoint as the service sent it', () => {
    const [item] = findCommands(markedArchive().sqlite, SEARCH).items;
    if (!item) throw new Error('The archive has no marked command.');
    expect(commandRecord(item)).toStrictEqual(markedCommand());
  });

  it('is in lists, in the reply for one command, in its history, in the OpenAPI document and in CSV', () => {
    const { sqlite } = markedArchive();
    const { shown } = COMMAND;
    const [item = {}] = listCommands(sqlite, { limit: 1 }).items;
    expect(item).toMatchObject(shown);
    expect(getCommand(sqlite, COMMAND_KEY)).toMatchObject(shown);
    expect(listCommandRevisions(sqlite, { key: COMMAND_KEY, limit: 9 }).items.at(-1)?.state).toMatchObject(shown);
    expect(Object.keys(commandSchema.shape).sort()).toEqual(Object.keys(item).sort());
    const { csvForm, format } = CSV;
    const csv = pushedText((sink) => exportList(sqlite, { list: 'commands', query: {}, csvForm, format }, sink));
    const cells = Object.entries(without(shown, ...NOT_IN_CSV)).map(([name, value]) => [name, cellOf(value)]);
    expect(csvCells(csv)).toMatchObject(Object.fromEntries(cells));
  });
});
