import type { Child } from 'hono/jsx';
import type { SweepView } from '../../../archive/passes/list-runs.ts';
import type { UnseenValue } from '../../../archive/values/find-never-seen.ts';
import { NeverSeen } from '../parts/questions/never-seen.tsx';
import { pathWith } from '../parts/questions/path-without.ts';
import { Text } from '../parts/values/values.tsx';
import { SweepTable } from './sweep-table.tsx';
import { OUTCOMES_TO_CHOOSE, type SweepsQuery } from './sweeps-query.ts';

export interface SweepsContent {
  asked: SweepsQuery;
  sweeps: readonly SweepView[];
  next: number | undefined;
  /** If nothing was found: the requested accounts and regions that the archive does not have. */
  unseen: readonly UnseenValue[];
  /** The page's own address. */
  url: string;
  /** Shown instead of the sweeps if the search for them was not run. */
  notRun?: Child;
}

/** `/collector/sweeps`: what was listed, and how each listing ended. */
export function SweepsPage({ asked, sweeps, next, unseen, url, notRun }: SweepsContent) {
  return (
    <>
      <SweepsHead asked={asked} />
      {asked.day && (
        <p class="quiet">
          These listed a part of {asked.day} (UTC), in{' '}
          <Text of={[asked.account, asked.region].filter(Boolean).join(' ') || 'all places'} />.
        </p>
      )}
      {notRun}
      {notRun ? null : sweeps.length === 0 ? (
        <>
          <NeverSeen unseen={unseen} pathOf={(filter, value) => pathWith(url, filter, value)} />
          <p class="note">{nothingText(asked)}</p>
        </>
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

/** The form that narrows the sweeps. */
export function SweepsHead({ asked: { account, region, day, outcome } }: Pick<SweepsContent, 'asked'>) {
  return (
    <>
      <h1>Sweeps</h1>
      <p class="quiet">
        A sweep is one listing, from its first page to its last, of a span of requested time, of a command, or of a
        command on one node.
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
            {OUTCOMES_TO_CHOOSE.map((one) => (
              <option value={one} selected={one === outcome}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Show</button>
      </form>
    </>
  );
}

/**
 * A gap has no sweeps of any outcome. If only sweeps with the requested outcome are missing, there need not be a gap.
 */
function nothingText({ account, region, day, outcome, before }: SweepsQuery): string {
  if (before !== undefined) return `There is no matching sweep before number ${before}.`;
  if (outcome !== undefined)
    return `No matching sweep has the outcome “${outcome}”. Choose “any” to see whether something was listed.`;
  if (day !== undefined) return 'There is no matching sweep: this is a gap, unless a later pass lists the day.';
  return account !== undefined || region !== undefined
    ? 'There is no matching sweep.'
    : 'There are no sweeps yet: no pass has come this far.';
}

function query(values: Record<string, string | number | undefined>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) asked.set(name, String(value));
  return asked.toString();
}
