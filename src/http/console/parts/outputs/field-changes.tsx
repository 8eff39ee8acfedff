import type { FieldChange } from '../../../../archive/invocations/compare-invocations.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';

const MOST_SHOWN = 200;
const NOT_YET = /^0001-01-01T00:00:00/;

/** A table of the members that differ, with the left and the right value of each. */
export function FieldChanges(props: { changes: readonly FieldChange[]; left: string; right: string }) {
  const { changes, left, right } = props;
  return (
    <section class="wide" tabindex={0} aria-label="What differs">
      <table>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">{left}</th>
            <th scope="col">{right}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr>
              <th scope="row" class="id">
                {visibleText(change.path)}
              </th>
              <td class="id">
                <del>{shown(change.left)}</del>
              </td>
              <td class="id">
                <ins>{shown(change.right)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  // The service sends this time if a time is not known yet.
  if (typeof value === 'string' && NOT_YET.test(value)) return 'not yet';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const whole = text === '' ? '""' : visibleText(text);
  return whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN)}…` : whole;
}
