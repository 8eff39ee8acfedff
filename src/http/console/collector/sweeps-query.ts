import { nearNames, proposalOf } from '../../../lib/words/near-names.ts';
import { END_OUTCOMES, type OutcomeSoFar, RUNNING } from '../../../model/coverage/outcomes.ts';
import { readAccount, readRegion } from '../../../questions/read-place.ts';
import type { Read } from '../../../questions/reading.ts';
import { parseTime } from '../../../questions/time/parse-time.ts';
import type { AskedFault } from '../parts/questions/asked-faults.ts';

/** The outcomes in the order of the form: sweeps that still run come last. */
export const OUTCOMES_TO_CHOOSE = [...END_OUTCOMES, RUNNING] as const;

/** What an address asks for: which sweeps to show. */
export interface SweepsQuery {
  account?: string | undefined;
  region?: string | undefined;
  outcome?: OutcomeSoFar | undefined;
  /** A day in UTC. */
  day?: string | undefined;
  /** The number of a sweep: only sweeps before it are shown. */
  before?: number | undefined;
}

/** Reads which sweeps an address asks for. An empty field is ignored. */
export function readSweepsQuery(
  query: Record<string, string>,
  now: Date,
): { asked: SweepsQuery; faults: readonly AskedFault[] } {
  const [account, region, outcome, day] = ['account', 'region', 'outcome', 'day'].map(
    (name) => query[name]?.trim() || undefined,
  );
  const { before, faults: ofBefore } = readBefore(query.before);
  const faults = [...ofBefore];
  const judge = (parameter: string, typed: string | undefined, read: Read<string>) => {
    const reading = typed === undefined ? { value: '' } : read([typed], { now });
    if ('fault' in reading) faults.push({ parameter, message: reading.fault });
  };
  judge('account', account, readAccount);
  judge('region', region, readRegion);
  const known = OUTCOMES_TO_CHOOSE.find((one) => one === outcome);
  if (outcome !== undefined && known === undefined) {
    const message = `must be one of ${OUTCOMES_TO_CHOOSE.join(', ')}, not "${outcome}".${proposalOf(nearNames(outcome, OUTCOMES_TO_CHOOSE))}`;
    faults.push({ parameter: 'outcome', message });
  }
  if (day !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(day) && parseTime(day) !== undefined))
    faults.push({ parameter: 'day', message: `must be a day such as 2026-03-01, not "${day}"` });
  return { asked: { account, region, outcome: known, day, before }, faults };
}

/** Reads where a page begins, in a list that is sorted by number, the newest first. */
export function readBefore(typed: string | undefined): { before: number | undefined; faults: AskedFault[] } {
  if (typed === undefined || typed === '') return { before: undefined, faults: [] };
  const before = /^\d{1,15}$/.test(typed) ? Number(typed) : 0;
  if (before > 0) return { before, faults: [] };
  const message = 'does not belong to any page of this list: leave it out to begin at the first page';
  return { before: undefined, faults: [{ parameter: 'before', message }] };
}
