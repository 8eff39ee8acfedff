import type { Database } from 'better-sqlite3';
import type { CsvForm } from '../../lib/csv/csv.ts';
import { listText } from '../../lib/list-text.ts';
import { createLineWriter } from '../../lib/text/line-writer.ts';
import { byCounter } from '../../model/coverage/counters.ts';
import { COMMAND_MEMBERS } from '../../model/members.ts';
import type { CommandView } from '../commands/command-view.ts';
import { type CommandPosition, type CommandsQuery, listCommands } from '../commands/list-commands.ts';
import { type DocumentsQuery, type DocumentView, listDocuments } from '../nodes/list-documents.ts';
import {
  type InstancePosition,
  type InstancesQuery,
  type InstanceView,
  listInstances,
} from '../nodes/list-instances.ts';
import {
  listRuns,
  listSweeps,
  type RunsQuery,
  type RunView,
  type SweepsQuery,
  type SweepView,
} from '../passes/list-runs.ts';

/** Which list to export, and the filter for it. */
export type ExportedList =
  | { list: 'commands'; query: Omit<CommandsQuery, 'limit' | 'after'> }
  | { list: 'instances'; query: Omit<InstancesQuery, 'limit' | 'after'> }
  | { list: 'documents'; query: Omit<DocumentsQuery, 'limit' | 'after'> }
  | { list: 'runs'; query: Omit<RunsQuery, 'limit' | 'before'> }
  | { list: 'sweeps'; query: Omit<SweepsQuery, 'limit' | 'before'> };

const PAGE_ROWS = 500;

/** What each list has in a row. */
interface Rows {
  commands: CommandView;
  instances: InstanceView;
  documents: DocumentView;
  runs: RunView;
  sweeps: SweepView;
}

/**
 * Whether CSV has a column for each member of a list's rows, in the order of the columns. Other members are only in
 * JSON and NDJSON.
 */
const IS_COLUMN: { readonly [List in keyof Rows]: Readonly<Record<keyof Rows[List], boolean>> } = {
  commands: {
    accountId: true,
    region: true,
    commandId: true,
    // Members that are here again below keep the place that they have here.
    ...{ documentName: true, documentVersion: true, comment: true, requestedAt: true },
    firstSeenAt: true,
    lastRequestedAt: true,
    changedAt: true,
    invocations: true,
    byStatus: true,
    ...byMember(COMMAND_MEMBERS),
    ...{ otherMembers: true, isListed: true, missingInvocations: true, sender: true },
  },
  instances: {
    accountId: true,
    region: true,
    instanceId: true,
    instanceName: true,
    firstRequestedAt: true,
    lastRequestedAt: true,
    invocations: true,
    byStatus: true,
    lastRequestedOn: true,
  },
  documents: {
    documentName: true,
    firstRequestedOn: true,
    lastRequestedAt: true,
    invocations: true,
    byStatus: true,
    lastRequestedOn: true,
  },
  runs: { id: true, startedAt: true, finishedAt: true, outcome: true, collector: true, sources: true },
  sweeps: {
    ...{ id: true, runId: true, accountId: true, region: true, operation: true, fromAt: true, toAt: true },
    ...{ commandId: true, instanceId: true, startedAt: true, finishedAt: true, outcome: true, error: true },
    ...byCounter(() => true),
    requestIds: true,
  },
};

/** Returns true for each member of a list. */
function byMember<List extends object>(list: List): Readonly<Record<keyof List, true>>;
function byMember(list: object): Readonly<Record<string, true>> {
  return Object.fromEntries(Object.keys(list).map((name) => [name, true]));
}

/** All items of a list as UTF-8 text in chunks for `push`, from one state of the archive. Returns their number. */
export function exportList(
  sqlite: Database,
  { format, csvForm, ...asked }: ExportedList & { format: 'csv' | 'ndjson'; csvForm: CsvForm },
  { push }: { push(chunk: Uint8Array): void },
): number {
  const writer = openListExport({ list: asked.list, format, csvForm }, push);
  sqlite.exec('BEGIN');
  try {
    for (const item of itemsOf(sqlite, asked)) writer.add(item);
    return writer.end();
  } finally {
    sqlite.exec('ROLLBACK');
  }
}

/** Begins the export of a list; `end` returns how many items were added. */
export function openListExport(
  { list, ...form }: { list: ExportedList['list']; format: 'csv' | 'ndjson'; csvForm: CsvForm },
  push: (chunk: Uint8Array) => void,
): { add(item: object): void; end(): number } {
  const text = listText(form, columnsOf(list));
  const writer = createLineWriter(text, push);
  let items = 0;
  return {
    add(item) {
      items += 1;
      writer.add(text.lineOf(item));
    },
    end() {
      writer.end();
      return items;
    },
  };
}

function columnsOf(list: keyof Rows): string[] {
  const entries = Object.entries(IS_COLUMN[list]);
  return entries.filter(([, isColumn]) => isColumn).map(([name]) => name);
}

function itemsOf(sqlite: Database, asked: ExportedList): Generator<object> {
  const limit = PAGE_ROWS;
  switch (asked.list) {
    case 'commands':
      return walk<CommandPosition>((after) => listCommands(sqlite, { ...asked.query, limit, after }));
    case 'instances':
      return walk<InstancePosition>((after) => listInstances(sqlite, { ...asked.query, limit, after }));
    case 'documents':
      return walk<string>((after) => listDocuments(sqlite, { ...asked.query, limit, after }));
    case 'runs':
      return walk<number>((before) => listRuns(sqlite, { ...asked.query, limit, before }));
    case 'sweeps':
      return walk<number>((before) => listSweeps(sqlite, { ...asked.query, limit, before }));
  }
}

function* walk<Position>(
  read: (after: Position | undefined) => { items: object[]; next: Position | undefined },
): Generator<object> {
  let after: Position | undefined;
  do {
    const { items, next } = read(after);
    yield* items;
    after = next;
  } while (after !== undefined);
}
