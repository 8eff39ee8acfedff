import type { PassEvent, PlacedSource } from '../../ingest/progress/pass-event.ts';
import type { PassSourceView } from '../../model/coverage/passes.ts';
import type { Terminal } from '../terminal.ts';
import { count, counted, cutTo, duration } from '../text/format.ts';

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;
/** More lines than this may not fit on one screen, and could not be redrawn. */
export const MOST_LINES = 24;
/** Longer names are cut, so that the rest of the line has room. */
const LONGEST_NAME = 40;

/**
 * Shows the progress of a pass. On a terminal each source has a live line; elsewhere there is a line when a source
 * begins, when it ends, and every 10 s.
 */
export interface ProgressDisplay {
  show(event: PassEvent): void;
  end(): void;
}

/** Makes the display for one pass. */
export function createProgressDisplay(terminal: Terminal): ProgressDisplay {
  const shown = new Map<number, PassSourceView>();
  const saidAt = new Map<number, number>();
  let drawnAt = 0;

  function draw(): void {
    drawnAt = Date.now();
    const lines = [...shown.values()].map((source) => progressLine(source, Date.now(), terminal.noteWidth - 1));
    terminal.draw(lines.slice(-MOST_LINES));
  }

  function showSource({ place, source }: PlacedSource): void {
    const isNews = shown.get(place)?.outcome !== source.outcome;
    shown.set(place, source);
    if (terminal.isInteractive) {
      if (isNews || Date.now() - drawnAt >= REDRAW_MS) draw();
      return;
    }
    // The first report comes before the account is known, so it gets no line.
    const due = Date.now() - (saidAt.get(place) ?? Date.parse(source.startedAt)) >= LINE_EVERY_MS;
    if (!due && (!isNews || source.outcome === 'running')) return;
    saidAt.set(place, Date.now());
    terminal.note(progressLine(source, Date.now()));
  }

  return {
    show(event) {
      if (event.kind === 'waiting') terminal.note(event.sentence);
      else if (event.kind === 'source') showSource(event);
    },
    end() {
      if (!terminal.isInteractive || shown.size === 0) return;
      draw();
      terminal.drawn();
    },
  };
}

/**
 * Returns a line of at most `width` columns that says how much of a source is done. The least important parts are left
 * out first.
 */
export function progressLine(p: PassSourceView, nowMs: number, width = Number.POSITIVE_INFINITY): string {
  const elapsedMs = Math.max(1, nowMs - Date.parse(p.startedAt));
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
    `${counted(p.pages, 'reply', 'replies')}`,
  ];
  let line = `${name}: ${isRunning ? `${String(Math.floor(share * 100)).padStart(3)} %` : p.outcome}`;
  for (const fact of facts) {
    if (line.length + 2 + fact.length > width) break;
    line += `, ${fact}`;
  }
  return line;
}
