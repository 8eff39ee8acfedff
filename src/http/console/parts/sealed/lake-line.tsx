import { type LakeFigures, type NextSeal, sayNextSeal } from '../../../../archive/figures/read-lake.ts';
import { count } from '../values/values.tsx';

/** How much is in the lake, from which day on nothing is, and which day is sealed next. Nothing without a lake. */
export function LakeLine({ lake, nextSeal }: { lake: LakeFigures | undefined; nextSeal: NextSeal | undefined }) {
  if (lake === undefined && nextSeal === undefined) return null;
  return (
    <p class="quiet" id="lake">
      {lake === undefined ? 'No day is sealed in the lake yet.' : sentenceOf(lake)}
      {nextSeal && ` ${sayNextSeal(nextSeal)}`}
    </p>
  );
}

function sentenceOf({ days, firstDay, floor, invocations, bytes, unsealed }: LakeFigures): string {
  const back = unsealed === 0 ? '' : ` ${daysText(unsealed)} of them ${unsealed === 1 ? 'was' : 'were'} brought back.`;
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${daysText(days)} from ${firstDay} on ${days === 1 ? 'is' : 'are'} sealed in the lake: ${count(invocations)} invocations are there alone, in ${size}.${back} ${floor} is the first day that was never sealed.`;
}

function daysText(days: number): string {
  return days === 1 ? '1 day' : `${count(days)} days`;
}
