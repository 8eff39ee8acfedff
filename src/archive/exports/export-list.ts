import type { Database } from 'better-sqlite3';
import type { CsvForm } from '../../lib/csv/csv.ts';
import { listText } from '../../lib/list-text.ts';
import { createLineWriter } from '../../lib/text/line-writer.ts';
import { COUNTER_NAMES } from '../../model/coverage/counters.ts';
import { type CommandPosition, type CommandsQuery, listCommands } from '../commands/list-commands.ts';
import { type DocumentsQuery, listDocuments } from '../nodes/list-documents.ts';
import { type InstancePosition, type InstancesQuery, listInstances } from '../nodes/list-instances.ts';
import { listRuns, listSweeps, type RunsQuery, type SweepsQuery } from '../passes/list-runs.ts';

/** Which list to export, and the filter for it. */
export type ExportedList =
  | { list: 'commands'; query: Omit<CommandsQuery, 'limit' | 'after'> }
  | { list: 'instances'; query: Omit<InstancesQuery, 'limit' | 'after'> }
  | { list: 'documents'; query: Omit<DocumentsQuery, 'limit' | 'after'> }
  | { list: 'runs'; query: Omit<RunsQuery, 'limit' | 'before'> }
  | { list: 'sweeps'; query: Omit<SweepsQuery, 'limit' | 'before'> };

const PAGE_ROWS = 500;

/** The columns of each list in CSV. */
const COLUMNS: Record<ExportedList['list'], readonly string[]> = {
  commands: [
    ...['accountId', 'region', 'commandId', 'documentName', 'documentVersion', 'comment', 'requestedAt', 'firstSeenAt'],
    ...['lastRequestedAt', 'changedAt', 'invocations', 'byStatus'],
  ],
  instances: [
    ...[
      'accountId',
      'region',
      'instanceId',
      'instanceName',
      'firstRequestedAt',
      'lastRequestedAt',
      'invocations',
      'byStatus',
    ],
  ],
  documents: ['documentName', 'firstRequestedOn', 'lastRequestedAt', 'invocations', 'byStatus'],
  runs: ['id', 'startedAt', 'finishedAt', 'outcome', 'collector', 'sources'],
  sweeps: [
    ...['id', 'runId', 'accountId', 'region', 'operation', 'fromAt', 'toAt', 'commandId', 'instanceId', 'startedAt'],
    ...['finishedAt', 'outcome', 'error', ...COUNTER_NAMES, 'requestIds'],
  ],
};

/** All items of a list as UTF-8 text in chunks for `push`, from one state of the archive. Returns their number. */
export function exportList(
  sqlite: Database,
  { format, csvForm, ...asked }: ExportedList & { format: 'csv' | 'ndjson'; csvForm: CsvForm },
  { push }: { push(chunk: Uint8Array): void },
): number {
  const text = listText({ format, csvForm }, COLUMNS[asked.list]);
  const writer = createLineWriter(text, push);
  let items = 0;
  sqlite.exec('BEGIN');
  try {
    for (const item of itemsOf(sqlite, asked)) {
      items += 1;
      writer.add(text.lineOf(item));
    }
    writer.end();
    return items;
  } finally {
    sqlite.exec('ROLLBACK');
  }
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
