import { visibleText } from '../../../../lib/text/visible-text.ts';
import type { AskedFault } from './asked-faults.ts';
import { pathWithout } from './path-without.ts';

/**
 * Shown instead of an answer: the parameters of the address with faults, each with a link to the same page without it.
 */
export function NotUnderstood({ faults, url }: { faults: readonly AskedFault[]; url: string }) {
  return (
    <section class="note bad" role="alert" id="not-understood">
      <p>
        <strong>Nothing is shown, because this was not understood:</strong>
      </p>
      <ul>
        {faults.map(({ parameter, label, message, isMissing }) => (
          <li>
            {label === undefined ? '' : `${label} `}
            <code>{shownName(parameter)}</code> {visibleText(/[.?]$/.test(message) ? message : `${message}.`)}{' '}
            {!isMissing && <a href={pathWithout(url, parameter)}>The same page without it</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const MOST_CHARACTERS = 60;

function shownName(parameter: string): string {
  return visibleText(parameter.length > MOST_CHARACTERS ? `${parameter.slice(0, MOST_CHARACTERS)}…` : parameter);
}
