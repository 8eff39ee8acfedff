import { pathOfView, type View } from './read-view.ts';
import { count, kindOfStatus } from './values.tsx';

/** How many invocations of a day had a Status. */
export interface DayCount {
  day: string;
  status: string | null;
  count: number;
}

const WIDTH = 900;
const HEIGHT = 160;
const KINDS = ['good', 'bad', 'busy'] as const;
const NAMES = { good: 'succeeded', bad: 'did not succeed', busy: 'not ended' } as const;

/** Runs by day as stacked bars, each a link to that day; and the same as text for who does not see them. */
export function DayChart(props: { days: readonly string[]; counts: readonly DayCount[]; within?: View['typed'] }) {
  const { days, counts, within = {} } = props;
  const sums = days.map((day) => {
    const own = counts.filter((one) => one.day === day);
    const of = (kind: (typeof KINDS)[number]) =>
      own.filter(({ status }) => kindOfStatus(status) === kind).reduce((sum, one) => sum + one.count, 0);
    return { day, good: of('good'), bad: of('bad'), busy: of('busy') };
  });
  const most = Math.max(1, ...sums.map(({ good, bad, busy }) => good + bad + busy));
  const step = WIDTH / Math.max(1, days.length);
  return (
    <svg class="stack" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
      <title>Runs by day</title>
      {sums.map((sum, n) => {
        let top = HEIGHT;
        const told = KINDS.map((kind) => `${count(sum[kind])} ${NAMES[kind]}`).join(', ');
        return (
          <a href={pathOfView({ ...within, from: sum.day, to: dayAfter(sum.day) })} aria-label={`${sum.day}: ${told}`}>
            <title>{`${sum.day}: ${told}`}</title>
            <rect x={n * step} y="0" width={step} height={HEIGHT} fill="transparent" />
            {KINDS.map((kind) => {
              const height = (sum[kind] / most) * HEIGHT;
              top -= height;
              return height > 0 ? (
                <rect class={kind} x={n * step + 1} y={top} width={Math.max(1, step - 2)} height={height} />
              ) : null;
            })}
          </a>
        );
      })}
    </svg>
  );
}

/** The date after a date. */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00.000Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** The dates from one to before another. */
export function daysBetween(from: string, before: string): string[] {
  const days: string[] = [];
  for (let day = from; day < before; day = dayAfter(day)) days.push(day);
  return days;
}
