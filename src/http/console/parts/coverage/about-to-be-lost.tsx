import type { SoonForgotten } from '../../../../archive/coverage/soon-forgotten.ts';
import { count, durationText, Text, Time } from '../values/values.tsx';

/** What is about to be lost, in a few words for a tile. */
export function aboutToBeLost(soon: readonly SoonForgotten[]): string {
  const ms = soon.flatMap(({ uncollected }) => uncollected).reduce((sum, span) => sum + lengthOf(span), 0);
  const unfinished = soon.reduce((sum, of) => sum + of.unfinished, 0);
  const parts = [...(ms > 0 ? [durationText(ms)] : []), ...(unfinished > 0 ? [`${count(unfinished)} unfinished`] : [])];
  return parts.join(', ') || 'nothing';
}

/** Whether anything is about to be lost. If so, the page must always say it. */
export function isAboutToBeLost(soon: readonly SoonForgotten[]): boolean {
  return soon.some(({ unfinished, uncollected }) => unfinished > 0 || uncollected.length > 0);
}

function lengthOf({ from, to }: { from: string; to: string }): number {
  return Date.parse(to) - Date.parse(from);
}

/**
 * Lists what the service will forget within 72 hours although the archive does not have it yet, or has not seen its
 * end. Also says what to do.
 */
export function AboutToBeLost({ soon }: { soon: readonly SoonForgotten[] }) {
  const some = soon.filter(({ unfinished, uncollected }) => unfinished > 0 || uncollected.length > 0);
  return (
    <section id="about-to-be-lost">
      <h2>About to be lost</h2>
      {some.length === 0 ? (
        <p class="quiet">
          Nothing. The service forgets nothing within 72 hours that is owed and not collected, and no run that has not
          ended.
        </p>
      ) : (
        <>
          <p class="note bad">
            The service forgets this within 72 hours; after that nobody has it. <a href="/collector">Start a pass</a>{' '}
            now. If something keeps a source from being collected, its gaps say what, on the page{' '}
            <a href="/coverage">Coverage</a>.
          </p>
          <ul>
            {some.map((of) => (
              <Lines of={of} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Lines({ of }: { of: SoonForgotten }) {
  const { alias, accountId, region, unfinished, uncollected } = of;
  const name = [alias, accountId, region].filter((part) => part !== undefined && part !== null).join(' ');
  return (
    <>
      {uncollected.map(({ from, to }) => (
        <li>
          <Text of={name} />: <Time at={from} /> to <Time at={to} /> is not collected.
        </li>
      ))}
      {unfinished > 0 && (
        <li>
          <Text of={name} />: {unfinished === 1 ? '1 run had' : `${count(unfinished)} runs had`} not ended when last
          seen. Keep collecting until {unfinished === 1 ? 'it ends' : 'they end'}.
        </li>
      )}
    </>
  );
}
