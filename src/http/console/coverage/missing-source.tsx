import type { PropsWithChildren } from 'hono/jsx';
import type { MissingCoverage } from '../../../archive/coverage/sources/missing-coverage.ts';
import { Text, Time } from '../parts/values/values.tsx';

/**
 * A source that is owed and that AWS has never answered. Only its name can be shown, because its account is not known.
 */
export function MissingSource({ source, children }: PropsWithChildren<{ source: MissingCoverage }>) {
  const { alias, accountId, region, sinceAt, gaps } = source;
  return (
    <section>
      <h2>
        <Text of={alias} /> <span class="quiet">{accountId === null ? 'account not known' : accountId}</span>{' '}
        <Text of={region ?? 'region not known'} />
      </h2>
      <p class="note bad">
        Missing since <Time at={sinceAt} />: it is owed, and was never collected. Nothing is complete without it.
      </p>
      {children}
      <ul>
        {gaps.map((gap) => (
          <li>
            <Time at={gap.from} /> to <Time at={gap.to} />: <Text of={gap.cause} />
          </li>
        ))}
      </ul>
      <p>
        <code>ssm-archive doctor</code> says what it lacks. To stop collecting it, use{' '}
        <code>ssm-archive source end</code>.
      </p>
    </section>
  );
}
