import type { CommandRevision } from '../../../../archive/commands/command-states.ts';
import type { CommandKey } from '../../../../archive/commands/shown-command.ts';
import { FieldChanges } from '../outputs/field-changes.tsx';
import { pathOfCommand } from '../values/paths.ts';
import { Status, Time } from '../values/values.tsx';

/** The states in which a command was seen, the oldest first, each with its proof and with what changed. */
export function CommandStates(props: { of: CommandKey; items: readonly CommandRevision[]; hasMore: boolean }) {
  const { of, items, hasMore } = props;
  return (
    <>
      <h2 id="states">States of the command that were observed</h2>
      <ol class="rows">
        {items.map(({ observedAt, leaf, state, seenIn, changes }) => (
          <li>
            <a href={`${pathOfCommand(of)}?asOf=${encodeURIComponent(observedAt)}`}>
              <Time at={observedAt} />
            </a>{' '}
            {seenIn === 'ListCommands' ? (
              <Status status={state.status} details={state.statusDetails} of="command" />
            ) : (
              <span class="quiet">by its invocations alone</span>
            )}{' '}
            <a href={`/v1/ledger/proof?leaf=${leaf}`}>proof of inclusion, leaf {leaf}</a>
            {changes && changes.length > 0 && (
              <details>
                <summary>{changes.length === 1 ? '1 member differs' : `${changes.length} members differ`}</summary>
                <FieldChanges changes={changes} left="Before" right="Since then" />
              </details>
            )}
          </li>
        ))}
      </ol>
      {hasMore && (
        <p>
          There are more: <a href={`/v1${pathOfCommand(of)}/revisions`}>all of them as JSON</a>.
        </p>
      )}
    </>
  );
}
