import type { SourceProgress } from '../../ingest/run-pass.ts';
import type { Terminal } from '../terminal.ts';
import { count, counted, cutTo, duration } from '../text/format.ts';

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;
/** More would not be redrawn on one screen. */
export const MOST_LINES = 24;
/** A long name must not push the rest off the line. */
const LONGEST_NAME = 40;

/** Progress of a pass: a live line a source on a terminal; elsewhere a line when one begins, ends, and every 10 s. */
export interface ProgressDisplay {
  show(progress: SourceProgress): void;
  end(): void;
}

/** Makes the display for one pass. */
export function createProgressDisplay(terminal: Terminal): ProgressDisplay {
  const bySource = new Map<SourceProgress, string>();
  const saidAt = new Map<SourceProgress, number>();
  let drawnAt = 0;

  function draw(): void {
    drawnAt = Date.now();
    const lines = [...bySource.keys()].map((p) => progressLine(p, Date.now(), terminal.noteWidth - 1));
    terminal.draw(lines.slice(-MOST_LINES));
  }

  return {
    show(progress) {
      const before = bySource.get(progress);
      bySource.set(progress, progress.outcome);
      const isNews = before !== progress.outcome;
      if (terminal.isInteractive) {
        if (isNews || Date.now() - drawnAt >= REDRAW_MS) draw();
        return;
      }
      // The first report comes before the account is known: nothing worth a line yet.
      const due = Date.now() - (saidAt.get(progress) ?? progress.startedAtMs) >= LINE_EVERY_MS;
      if (!due && (!isNews || progress.outcome === 'running')) return;
      saidAt.set(progress, Date.now());
      terminal.note(progressLine(progress, Date.now()));
    },
    end() {
      if (!terminal.isInteractive || bySource.size === 0) return;
      draw();
      terminal.drawn();
    },
  };
}

/** What a line of progress says something of. */
export type ShownProgress = Pick<
  SourceProgress,
  | 'alias'
  | 'accountId'
  | 'region'
  | 'outcome'
  | 'startedAtMs'
  | 'partsPlanned'
  | 'partsEnded'
  | 'rowsSeen'
  | 'pages'
  | 'calls'
  | 'throttles'
>;

/** How far a source is, in a line of at most so many columns: if there is no room, the least important parts are left out first. */
export function progressLine(p: ShownProgress, nowMs: number, width = Number.POSITIVE_INFINITY): string {
  const elapsedMs = Math.max(1, nowMs - p.startedAtMs);
  const share = p.partsPlanned === 0 ? 0 : p.partsEnded / p.partsPlanned;
  const rate = Math.round((p.rowsSeen / elapsedMs) * 1000);
  const isRunning = p.outcome === 'running';
  const name = cutTo(`${p.alias} ${p.accountId ?? ''} ${p.region}`.replace(/ +/g, ' ').trim(), LONGEST_NAME);
  const left = isRunning && share > 0 && share < 1 ? [`about ${duration((elapsedMs / share) * (1 - share))} left`] : [];
  const throttles = p.throttles > 0 ? [`${count(p.throttles)} throttled`] : [];
  const facts = [
    `${count(p.rowsSeen)} rows`,
    ...left,
    `${counted(p.calls, 'call')}`,
    ...throttles,
    `${count(rate)} rows/s`,
    `${counted(p.pages, 'page')}`,
  ];
  let line = `${name}: ${isRunning ? `${String(Math.floor(share * 100)).padStart(3)} %` : p.outcome}`;
  for (const fact of facts) {
    if (line.length + 2 + fact.length > width) break;
    line += `, ${fact}`;
  }
  return line;
}
