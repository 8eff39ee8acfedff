import type { Child } from 'hono/jsx';
import type { SweepView } from '../../../archive/list-runs.ts';
import { SweepTable } from '../parts/sweep-table.tsx';
import { Text } from '../parts/values.tsx';

export interface SweepsContent {
  asked: {
    account?: string | undefined;
    region?: string | undefined;
    outcome?: string | undefined;
    day?: string | undefined;
  };
  sweeps: readonly SweepView[];
  next: number | undefined;
  /** What stands in their place where they are not looked for. */
  notRun?: Child;
}

/** `/collector/sweeps`: what was listed, and how each listing ended. */
export function SweepsPage({ asked, sweeps, next, notRun }: SweepsContent) {
  const { account, region, day, outcome } = asked;
  return (
    <>
      <h1>Sweeps</h1>
      <p class="quiet">
        A sweep is one listing of a span of requested time, of a command, or of a node of it, from its first page to its
        last.
        {day && (
          <>
            {' '}
            These have a part of {day} (UTC), in{' '}
            <Text of={[account, region].filter(Boolean).join(' ') || 'all places'} />.
          </>
        )}
      </p>
      <form class="range" method="get" action="/collector/sweeps">
        <label>
          Account
          <input name="account" value={account ?? ''} autocomplete="off" />
        </label>
        <label>
          Region
          <input name="region" value={region ?? ''} autocomplete="off" />
        </label>
        <label>
          Day (UTC)
          <input name="day" type="date" value={day ?? ''} />
        </label>
        <label>
          Outcome
          <select name="outcome">
            <option value="">any</option>
            {['complete', 'failed', 'interrupted', 'running'].map((one) => (
              <option value={one} selected={one === outcome}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Show</button>
      </form>
      {notRun}
      {notRun ? null : sweeps.length === 0 ? (
        <p class="note">Nothing was listed of this: it is a gap, unless another sweep is to come.</p>
      ) : (
        <SweepTable sweeps={sweeps} />
      )}
      {next !== undefined && (
        <p class="bar">
          <a rel="next" href={`/collector/sweeps?${query({ ...asked, before: String(next) })}`}>
            Next page
          </a>
        </p>
      )}
    </>
  );
}

function query(values: Record<string, string | undefined>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) asked.set(name, value);
  return asked.toString();
}
