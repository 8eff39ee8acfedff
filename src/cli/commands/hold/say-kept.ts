import { counted } from '../../text/format.ts';
import type { Kept } from './count-kept.ts';

/**
 * Says how many invocations one hold (`it`) or all holds (`they`) keep, as a part of a sentence. What was not counted is
 * never left out.
 */
export function sayKept({ invocations, ofLake, uncounted }: Kept, who: 'it' | 'they'): string {
  const all = `${counted(invocations, 'invocation')}${who === 'it' ? ' of the archive' : ''}`;
  const counts = ofLake === 0 ? all : `${all} (${ofLake} of them in the lake)`;
  if (uncounted === undefined) return counts;
  return `${counts} and what ${who === 'it' ? 'it names' : 'they name'} of ${counted(uncounted.days, 'sealed day')} (not counted)`;
}

/** Says why days were not counted, in a sentence. */
export function whyUncounted({ uncounted }: Kept): string[] {
  return uncounted === undefined ? [] : [`Not counted in the lake: ${uncounted.why}`];
}
