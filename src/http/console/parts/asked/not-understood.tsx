import { visibleText } from '../../../../lib/visible-text.ts';

/** A parameter of the address that can't be read, or that the page does not have. */
export interface AskedFault {
  /** As the address has it. */
  parameter: string;
  /** As the page's form calls it, where it has a field for it. */
  label?: string | undefined;
  /** Without its subject: "must be the 12 digits of an AWS account, not …". */
  message: string;
}

/** Parameters of an address that a page does not have: to drop one would show more than was asked for. */
export function strangersIn(queries: Record<string, string[]>, known: readonly string[]): AskedFault[] {
  return Object.keys(queries)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => ({ parameter, message: 'is nothing that this page can be asked for' }));
}

/** In place of an answer: what was not understood, and the way to the same page without it. */
export function NotUnderstood({
  faults,
  pathWithout,
}: {
  faults: readonly AskedFault[];
  pathWithout: (parameter: string) => string;
}) {
  return (
    <section class="note bad" role="alert" id="not-understood">
      <p>
        <strong>Nothing is shown, since this was not understood:</strong>
      </p>
      <ul>
        {faults.map(({ parameter, label, message }) => (
          <li>
            {label === undefined ? '' : `${label} `}
            <code>{shownName(parameter)}</code> {visibleText(message.endsWith('.') ? message : `${message}.`)}{' '}
            <a href={pathWithout(parameter)}>The same without it</a>
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
