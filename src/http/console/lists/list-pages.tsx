import type { Child } from 'hono/jsx';
import type { CommandView } from '../../../archive/commands/command-view.ts';
import type { DocumentView } from '../../../archive/nodes/list-documents.ts';
import type { InstanceView } from '../../../archive/nodes/list-instances.ts';
import type { UnseenValue } from '../../../archive/values/find-never-seen.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { StatusCounts } from '../parts/charts/status-counts.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import type { Covered } from '../parts/coverage/read-covered.ts';
import { NeverSeen } from '../parts/questions/never-seen.tsx';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { pathOfCommand, pathOfDocument, pathOfNode } from '../parts/values/paths.ts';
import { senderName, shortArn } from '../parts/values/sender.tsx';
import { count, LastRun, Status, Text, Time } from '../parts/values/values.tsx';

interface Listed<Item> {
  items: readonly Item[];
  /** How much of the whole archive is covered; absent if the coverage was not read. */
  covered?: Covered;
  /** The path of the next page, if there is one. */
  nextPath: string | undefined;
  /** The first day from which the list is whole; absent if nothing can be missing. */
  wholeFrom?: string | undefined;
}

/** `/commands`: commands, the newest first. */
export function CommandsPage({ items, covered, nextPath }: Listed<CommandView>) {
  return (
    <List
      title="Commands"
      names={['Requested', 'Document', 'Nodes', 'Ended as', 'Sent by', 'Account', 'Region', 'Comment']}
      nextPath={nextPath}
      covered={covered}
      isEmpty={items.length === 0}
    >
      {items.map((command) => (
        <tr>
          <td class="when">
            <a href={pathOfCommand(command)}>
              <Time at={command.requestedAt} />
            </a>
          </td>
          <td>
            <DocumentLink name={command.documentName} />
          </td>
          <td class="number">{count(command.invocations)}</td>
          <td>
            {command.invocations === 0 && command.status !== null && (
              <Status status={command.status} details={command.statusDetails} of="command" />
            )}
            <StatusCounts
              byStatus={command.byStatus}
              of={{ account: command.accountId, region: command.region, commandId: command.commandId }}
            />
          </td>
          <td class="name" title={command.sender ? visibleText(senderName(command.sender)) : undefined}>
            <Text of={command.sender ? shortArn(senderName(command.sender)) : null} />
          </td>
          <td>
            <Text of={command.accountId} />
          </td>
          <td class="when">
            <Text of={command.region} />
          </td>
          <td>
            <Text of={command.comment} />
          </td>
        </tr>
      ))}
    </List>
  );
}

/** `/nodes`: nodes, by their ids. `notRun` is shown instead of the nodes if the search for them was not run. */
export function NodesPage(
  props: Listed<InstanceView> & { begin: string; unseen?: readonly UnseenValue[]; notRun?: Child },
) {
  const { items, covered, nextPath, wholeFrom, begin, unseen = [], notRun } = props;
  return (
    <List
      title="Nodes"
      names={['Node', 'Called', 'Invocations', 'Ended as', 'Last', 'Account', 'Region']}
      nextPath={nextPath}
      wholeFrom={wholeFrom}
      whole="Each number in this list"
      covered={covered}
      isEmpty={items.length === 0}
      notRun={notRun}
      above={<BeginField begin={begin} />}
      nothing={
        begin === '' ? undefined : (
          <>
            <NeverSeen
              unseen={unseen}
              pathOf={(_, instanceId) => `/nodes?${new URLSearchParams({ begin: instanceId })}`}
            />
            <p class="note">
              The archive has no invocation on a node whose id begins with “
              <Text of={begin} />
              ”. <a href="/nodes">All nodes</a>
            </p>
          </>
        )
      }
    >
      {items.map((node) => (
        <tr>
          <td class="id">
            <a href={pathOfNode(node)}>
              <Text of={node.instanceId} />
            </a>
          </td>
          <td>
            <Text of={node.instanceName} />
          </td>
          <td class="number">{count(node.invocations)}</td>
          <td>
            <StatusCounts
              byStatus={node.byStatus}
              of={{ account: node.accountId, region: node.region, instanceId: node.instanceId }}
            />
          </td>
          <td class="when">
            <LastRun at={node.lastRequestedAt} on={node.lastRequestedOn} />
          </td>
          <td>
            <Text of={node.accountId} />
          </td>
          <td class="when">
            <Text of={node.region} />
          </td>
        </tr>
      ))}
    </List>
  );
}

/** The part of the page that is shown if the address has faults. */
export function NodesForm({ begin }: { begin: string }) {
  return (
    <>
      <h1>Nodes</h1>
      <BeginField begin={begin} />
    </>
  );
}

function BeginField({ begin }: { begin: string }) {
  return (
    <form class="range" method="get" action="/nodes">
      <label>
        Id begins with
        <input
          name="begin"
          value={begin}
          list="known-nodes"
          data-suggest="instanceId"
          data-search
          autocomplete="off"
          spellcheck={false}
        />
      </label>
      <datalist id="known-nodes" />
      <button type="submit">Show</button>
    </form>
  );
}

/** `/documents`: documents, by their names. */
export function DocumentsPage({ items, covered, nextPath, wholeFrom }: Listed<DocumentView>) {
  return (
    <List
      title="Documents"
      names={['Document', 'Invocations', 'Ended as', 'First', 'Last']}
      nextPath={nextPath}
      wholeFrom={wholeFrom}
      whole="The time of day in the column Last"
      covered={covered}
      isEmpty={items.length === 0}
    >
      {items.map(({ documentName, invocations, byStatus, firstRequestedOn, lastRequestedOn, lastRequestedAt }) => (
        <tr>
          <td class="id">
            <DocumentLink name={documentName} />
          </td>
          <td class="number">{count(invocations)}</td>
          <td>
            <StatusCounts byStatus={byStatus} of={{ documentName }} />
          </td>
          <td class="when">{firstRequestedOn ?? '–'}</td>
          <td class="when">
            <LastRun at={lastRequestedAt} on={lastRequestedOn} />
          </td>
        </tr>
      ))}
    </List>
  );
}

function DocumentLink({ name }: { name: string | null }) {
  if (name === null || name === '') return <Text of={name} />;
  return (
    <a href={pathOfDocument(name)}>
      <Text of={name} />
    </a>
  );
}

/** The page must distinguish "nothing matches in the collected history" from "nothing was collected". */
function Nothing({ title, covered }: { title: string; covered: Covered | undefined }) {
  const isCollected = covered?.coverage !== undefined && covered.coverage.state !== 'notCollected';
  return (
    <p class="note">
      The archive has no {title.toLowerCase()}
      {isCollected ? ' in what has been collected so far (see above)' : ' yet'}. <a href="/collector">Collector</a> says
      what was asked of AWS.
    </p>
  );
}

const NUMBERS = ['Nodes', 'Invocations'];

function List(props: {
  title: string;
  names: readonly string[];
  nextPath: string | undefined;
  wholeFrom?: string | undefined;
  /** What is whole only from that day on. */
  whole?: string;
  covered: Covered | undefined;
  isEmpty: boolean;
  above?: Child;
  /** What the page says if the list is empty. */
  nothing?: Child;
  notRun?: Child;
  children?: Child;
}) {
  const {
    title,
    names,
    nextPath,
    wholeFrom,
    whole = 'This list',
    covered,
    isEmpty,
    above,
    nothing,
    notRun,
    children,
  } = props;
  return (
    <>
      <h1>{title}</h1>
      {above}
      {notRun}
      {covered && <CoveredLine covered={covered} />}
      {notRun ? null : <WholeFrom day={wholeFrom} what={whole} />}
      {notRun ? null : isEmpty ? (
        (nothing ?? <Nothing title={title} covered={covered} />)
      ) : (
        <section class="wide" tabindex={0} aria-label={title}>
          <table data-rows>
            <thead>
              <tr>
                {names.map((name) => (
                  <th scope="col" class={NUMBERS.includes(name) ? 'number' : undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </section>
      )}
      {nextPath !== undefined && (
        <p class="bar screen-only">
          <a rel="next" href={nextPath}>
            Next page
          </a>
        </p>
      )}
    </>
  );
}
