import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { OBSERVED_AT, page, rawInvocation } from '../../archive/raw-invocation.ts';
import { REGION } from '../../simulator/clients.ts';
import type { ListOperation } from './conformance/conformance-requests.ts';

/** An invocation in a listing, or a command if its node is 0. Its time is in milliseconds after START_MS. */
export interface Row {
  readonly ms: number;
  readonly command: number;
  readonly node: number;
}

const START_MS = Date.parse('2026-03-01T10:00:00.000Z');

export const commandIdOf = ({ command }: Pick<Row, 'command'>) =>
  `${String(command).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const nodeIdOf = ({ node }: Pick<Row, 'node'>) => `i-${String(node).padStart(17, '0')}`;
export const keyOfRow = (row: Row) => `${commandIdOf(row)}/${nodeIdOf(row)}`;

/** The order in which the endpoint lists: newest first, and rows of the same time by id. */
export function compareRows(a: Row, b: Row): number {
  return b.ms - a.ms || (keyOfRow(a) < keyOfRow(b) ? -1 : keyOfRow(a) > keyOfRow(b) ? 1 : 0);
}

/** Records rows of an account, with a comment, as if they came in a reply of the service. */
export function recordRows(
  db: ArchiveDb,
  accountId: string,
  operation: ListOperation,
  rows: readonly Row[],
  comment: string,
): void {
  const source = { accountId, region: REGION };
  const shown = rows.map((row) => ({
    CommandId: commandIdOf(row),
    RequestedDateTime: (START_MS + row.ms) / 1000,
    Comment: comment,
    Status: row.node % 2 === 0 ? 'Success' : 'Failed',
    StatusDetails: row.node % 2 === 0 ? 'Success' : 'Failed',
  }));
  if (operation === 'ListCommands') {
    createListedCommandRecorder(db.sqlite)(source, OBSERVED_AT, shown.map(observeCommand));
  } else {
    const raws = shown.map((members, index) => rawInvocation({ ...members, InstanceId: nodeIdOf(rows[index] as Row) }));
    createSingleReplyRecorder(db.sqlite)(page(raws, { source }));
  }
}
