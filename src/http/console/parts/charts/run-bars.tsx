import { visibleText } from '../../../../lib/text/visible-text.ts';
import { kindOfStatus } from '../../../../model/final-status.ts';
import { Hatched } from '../coverage/hatch.tsx';
import { gapBetween, type RunGaps } from '../coverage/run-gaps.ts';
import { durationText } from '../values/values.tsx';

/** A run as a bar: how long it took, how it ended, and the address of its page. */
export interface RunBar {
  href: string;
  requestedAt: string | null;
  /** The text of the bar, such as the time of the run. */
  label: string;
  status: string | null;
  /** The height of the bar, in ms; null if the run has not ended. */
  tookMs: number | null;
  /** For a run on several nodes, the time of the slowest node: a thin line above the bar. */
  longestMs?: number | null;
}

const BAR = 16;
const HEIGHT = 60;
/** Bars are at least this high, so that a run that took no time can be seen and clicked. */
const LEAST = 3;

/**
 * Runs in the order of time. The height of a bar shows how long the run took, its colour how the run ended. The space
 * between two bars is hatched if part of the time between them was not collected.
 */
export function RunBars({ bars, title, gaps }: { bars: readonly RunBar[]; title: string; gaps: RunGaps }) {
  // A logarithmic scale, so that runs of seconds and of hours can be compared.
  const scale = (ms: number) => Math.log10(1 + ms / 100);
  const most = Math.max(1, ...bars.map(({ tookMs, longestMs }) => scale(Math.max(tookMs ?? 0, longestMs ?? 0))));
  const heightOf = (ms: number | null | undefined) => LEAST + (scale(ms ?? 0) / most) * (HEIGHT - LEAST);
  const gapsAfter = bars.map(({ requestedAt }, n) => gapBetween(gaps, requestedAt, bars[n + 1]?.requestedAt ?? null));
  const places = bars.map((_, n) => n + gapsAfter.slice(0, n).filter(Boolean).length);
  const width = (bars.length + gapsAfter.filter(Boolean).length) * BAR;
  return (
    <svg class="bars" viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT}>
      <title>{visibleText(title)}</title>
      {gapsAfter.map(
        (gap, n) =>
          gap && (
            <g>
              <title>{gap}</title>
              <Hatched x={((places[n] ?? 0) + 1) * BAR} width={BAR} height={HEIGHT} />
            </g>
          ),
      )}
      {bars.map(({ href, label, status, tookMs, longestMs }, nth) => {
        const n = places[nth] ?? nth;
        const height = heightOf(tookMs);
        const told = visibleText(
          `${label}: ${status || 'no status'}, ${tookMs === null ? 'no duration' : `took ${durationText(tookMs)}`}${
            longestMs ? `, the longest ${durationText(longestMs)}` : ''
          }`,
        );
        return (
          <a href={href} aria-label={told}>
            <title>{told}</title>
            <rect x={n * BAR} y="0" width={BAR} height={HEIGHT} fill="transparent" />
            {longestMs ? (
              <rect
                class={`${kindOfStatus(status)} fine`}
                x={n * BAR + BAR / 2 - 1}
                y={HEIGHT - heightOf(longestMs)}
                width="2"
                height={heightOf(longestMs)}
              />
            ) : null}
            <rect class={kindOfStatus(status)} x={n * BAR + 1} y={HEIGHT - height} width={BAR - 2} height={height} />
          </a>
        );
      })}
    </svg>
  );
}
