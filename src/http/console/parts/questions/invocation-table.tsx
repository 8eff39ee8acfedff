import type { Child } from 'hono/jsx';
import type { InvocationView } from '../../../../archive/invocations/invocation-view.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';
import { nearNames, proposalOf } from '../../../../lib/words/near-names.ts';
import { pathOfCommand, pathOfDocument, pathOfInvocation, pathOfNode } from '../values/paths.ts';
import { Status, Text, Time } from '../values/values.tsx';
import type { AskedFault } from './asked-faults.ts';

const SHORT_ID = 8;

interface Column {
  name: string;
  class?: string;
  cell(row: InvocationView): Child;
}

/** All columns of the table, in order. */
export const COLUMNS = {
  requestedAt: {
    name: 'Requested',
    class: 'when',
    cell: (row) => (
      <a href={pathOfInvocation(row)}>
        <Time at={row.requestedAt} />
      </a>
    ),
  },
  status: { name: 'Status', cell: (row) => <Status status={row.status} details={row.statusDetails} /> },
  documentName: {
    name: 'Document',
    class: 'name',
    cell: (row) =>
      row.documentName ? (
        <a class="plain" href={pathOfDocument(row.documentName)}>
          <Text of={row.documentName} />
        </a>
      ) : (
        <Text of={null} />
      ),
  },
  documentVersion: { name: 'Version', cell: (row) => <Text of={row.documentVersion} /> },
  node: {
    name: 'Node',
    class: 'id',
    cell: (row) => (
      <>
        <a href={pathOfNode(row)}>
          <Text of={row.instanceId} />
        </a>{' '}
        {row.instanceName ? (
          <span class="quiet">
            <Text of={row.instanceName} />
          </span>
        ) : null}
      </>
    ),
  },
  account: { name: 'Account', cell: (row) => <Text of={row.accountId} /> },
  region: { name: 'Region', class: 'when', cell: (row) => <Text of={row.region} /> },
  command: {
    name: 'Command',
    class: 'when mono',
    cell: (row) => (
      <a
        class="plain"
        href={pathOfCommand(row)}
        title={visibleText(row.commandId)}
        aria-label={`Command ${visibleText(row.commandId)}`}
      >
        <Text of={shortId(row.commandId)} />
      </a>
    ),
  },
  comment: { name: 'Comment', cell: (row) => <Text of={row.comment} /> },
  firstSeenAt: { name: 'First seen', class: 'when', cell: (row) => <Time at={row.firstSeenAt} /> },
  changedAt: { name: 'Last changed', class: 'when', cell: (row) => <Time at={row.changedAt} /> },
  serviceRole: { name: 'Service role', class: 'id', cell: (row) => <Text of={row.serviceRole} /> },
} satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;

export const COLUMN_NAMES = Object.keys(COLUMNS).filter((name): name is ColumnName => name in COLUMNS);

export const USUAL_COLUMNS: readonly ColumnName[] = [
  ...(['requestedAt', 'status', 'documentName', 'node', 'account', 'region', 'command', 'comment'] as const),
];

/** The first letters of a command's id, enough to recognize it. Its page and its tooltip have the full id. */
function shortId(id: string): string {
  return id.length > SHORT_ID ? `${id.slice(0, SHORT_ID)}…` : id;
}

/**
 * Returns the requested columns in their fixed order, or the usual columns if none are requested. The first column is
 * always shown, because it links to the invocation.
 */
export function readColumns(asked: readonly string[]): readonly ColumnName[] {
  const columns = COLUMN_NAMES.filter((name) => asked.includes(name));
  return columns.length === 0 ? USUAL_COLUMNS : [...new Set<ColumnName>(['requestedAt', ...columns])];
}

/**
 * Returns faults for requested columns that do not exist. If they were ignored, the page would show less than was asked
 * for.
 */
export function faultsOfColumns(asked: readonly string[]): AskedFault[] {
  const names: readonly string[] = COLUMN_NAMES;
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown === undefined) return [];
  const message = `must be one of the columns in the form, not "${unknown}".${proposalOf(nearNames(unknown, names))}`;
  return [{ parameter: 'column', message }];
}

/** Invocations, one per line, with links. */
export function InvocationTable(props: { items: readonly InvocationView[]; columns?: readonly ColumnName[] }) {
  const { items, columns = USUAL_COLUMNS } = props;
  const shown = columns.map((name): Column => COLUMNS[name]);
  return (
    // People must be able to reach a scrolling region with the keyboard.
    <section class="wide" tabindex={0} aria-label="Invocations">
      <table data-rows>
        <thead>
          <tr>
            {shown.map(({ name }) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr>
              {shown.map(({ class: kind, cell }) => (
                <td class={kind}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
