import type { SourceProgress } from '../ingest/run-pass.ts';
import { count, cutTo, duration } from './format.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;

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
    const lines = [...bySource.keys()].map((p) => cutTo(progressLine(p, Date.now()), terminal.noteWidth));
    terminal.draw(lines.slice(-24).join('\n'));
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

function progressLine(p: SourceProgress, nowMs: number): string {
  const elapsedMs = Math.max(1, nowMs - p.startedAtMs);
  const share = p.partsPlanned === 0 ? 0 : p.partsEnded / p.partsPlanned;
  const rate = Math.round((p.rowsSeen / elapsedMs) * 1000);
  const isRunning = p.outcome === 'running';
  const left = isRunning && share > 0 && share < 1 ? `, about ${duration((elapsedMs / share) * (1 - share))} left` : '';
  const state = isRunning ? `${String(Math.floor(share * 100)).padStart(3)} %` : p.outcome;
  const name = `${p.alias} ${p.accountId ?? ''} ${p.region}`.replace(/ +/g, ' ').trim();
  const throttles = p.throttles > 0 ? `, ${count(p.throttles)} throttled` : '';
  return `${name}: ${state}, ${count(p.rowsSeen)} rows, ${count(p.pages)} pages, ${count(p.calls)} calls, ${count(rate)} rows/s${throttles}${left}`;
}
