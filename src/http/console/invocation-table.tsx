import type { InvocationView } from '../../archive/invocation-view.ts';
import { pathOfCommand, pathOfInvocation, pathOfNode, Status, Text, Time } from './values.tsx';

/** Invocations, a line each, with the ways on. */
export function InvocationTable({ items }: { items: readonly InvocationView[] }) {
  return (
    // A region that scrolls must be reached by the keyboard.
    <section class="wide" tabindex={0} aria-label="Invocations found">
      <table>
        <thead>
          <tr>
            <th scope="col">Requested</th>
            <th scope="col">Status</th>
            <th scope="col">Document</th>
            <th scope="col">Node</th>
            <th scope="col">Account, region</th>
            <th scope="col">Command</th>
            <th scope="col">Comment</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr>
              <td class="when">
                <a href={pathOfInvocation(row)}>
                  <Time at={row.requestedAt} />
                </a>
              </td>
              <td>
                <Status status={row.status} details={row.statusDetails} />
              </td>
              <td>
                <Text of={row.documentName} />
              </td>
              <td class="id">
                <a href={pathOfNode(row)}>
                  <Text of={row.instanceId} />
                </a>{' '}
                {row.instanceName ? (
                  <span class="quiet">
                    <Text of={row.instanceName} />
                  </span>
                ) : null}
              </td>
              <td>
                {row.accountId} {row.region}
              </td>
              <td class="id mono">
                <a href={pathOfCommand(row)}>
                  <Text of={row.commandId} />
                </a>
              </td>
              <td>
                <Text of={row.comment} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
