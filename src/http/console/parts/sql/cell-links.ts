import { cellText, isNull } from '../../../../questions/sql/sql-answer.ts';
import { pathOfCommand, pathOfDocument, pathOfInvocation, pathOfNode } from '../values/paths.ts';

const KEY = ['account_id', 'region', 'command_id', 'instance_id'] as const;
type KeyColumn = (typeof KEY)[number];

/**
 * Returns the address that a cell of a result links to, if its columns have the same names as in the archive's own
 * tables. Commands, nodes and documents have links; a node links to the invocation if the row has its command too.
 * Undefined for all other cells.
 */
export function createCellLinks(
  names: readonly string[],
): (row: readonly string[], column: number) => string | undefined {
  const at = (name: string) => names.indexOf(name);
  const columns = new Map<KeyColumn, number>(KEY.map((name) => [name, at(name)]));
  const has = (...wanted: KeyColumn[]) => wanted.every((name) => (columns.get(name) ?? -1) >= 0);
  return (row, column) => {
    const cell = row[column];
    const name = names[column];
    if (cell === undefined || isNull(cell) || cellText(cell) === '') return undefined;
    if (name === 'document_name') return pathOfDocument(cellText(cell));
    if (!has('account_id', 'region')) return undefined;
    const text = (of: KeyColumn) => cellText(row[columns.get(of) ?? -1] ?? '""');
    const place = { accountId: text('account_id'), region: text('region') };
    if (name === 'command_id') return pathOfCommand({ ...place, commandId: cellText(cell) });
    if (name !== 'instance_id') return undefined;
    const node = { ...place, instanceId: cellText(cell) };
    return has('command_id') ? pathOfInvocation({ ...node, commandId: text('command_id') }) : pathOfNode(node);
  };
}
