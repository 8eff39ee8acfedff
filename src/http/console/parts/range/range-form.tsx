import { visibleText } from '../../../../lib/text/visible-text.ts';
import { DAY_MS, isoFromMs } from '../../../../lib/time.ts';
import { RANGE_LABELS, type Range, shortTime } from './read-range.ts';

const SPANS = [
  [1, '24 hours'],
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, 'a year'],
] as const;

/**
 * The span that a page is about: links for the usual spans, and fields for any other. In print, it is a sentence
 * without fields.
 */
export function RangeForm({ range, path, nowMs }: { range: Range; path: string; nowMs: number }) {
  const today = nowMs - (nowMs % DAY_MS);
  const isAsked = Object.keys(range.typed).length > 0;
  return (
    <>
      <form class="range" method="get" action={path} aria-label="Span of time">
        <ul class="spans" aria-label="Usual spans">
          {SPANS.map(([days, name]) => {
            const from = isoFromMs(
              days === 1 ? nowMs - (nowMs % 3_600_000) - 23 * 3_600_000 : today - (days - 1) * DAY_MS,
            );
            const isIt = range.faults.length === 0 && range.fromMs === Date.parse(from) && range.beforeMs >= nowMs;
            return (
              <li>
                <a
                  href={`${path}?from=${days === 1 ? `${from.slice(0, 16)}Z` : from.slice(0, 10)}`}
                  aria-current={isIt ? 'true' : undefined}
                >
                  {name}
                </a>
              </li>
            );
          })}
        </ul>
        <label>
          {RANGE_LABELS.from}
          <input
            name="from"
            value={range.typed.from ?? shortTime(range.fromMs)}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <label>
          {RANGE_LABELS.to}
          <input name="to" value={range.typed.to ?? shortTime(range.beforeMs)} autocomplete="off" spellcheck={false} />
        </label>
        <button type="submit">Show</button>
      </form>
      {range.faults.length === 0 && (
        <p class="paper-only">
          {isAsked ? 'Span' : 'Days shown'}: from {shortTime(range.fromMs)} to before {shortTime(range.beforeMs)} (UTC).
        </p>
      )}
    </>
  );
}

interface NoSpanContent {
  title: string;
  range: Range;
  path: string;
  nowMs: number;
}

/** The part of a page that is shown if its span has faults: the form for another span. */
export function NoSpan({ title, range, path, nowMs }: NoSpanContent) {
  return (
    <>
      <h1>{visibleText(title)}</h1>
      <RangeForm range={range} path={path} nowMs={nowMs} />
    </>
  );
}
