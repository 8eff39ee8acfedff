import type { Terminal } from '../terminal.ts';
import { count, cutTo, duration } from '../text/format.ts';

const FIRST_MS = 1000;
const REDRAW_MS = 100;
const BAR = 20;
const BLOCK = 5;

/** Shows that a query is still at work: a moving bar with the time and the rows so far. Only on a terminal. */
export interface Waiting {
  /** Adds rows that have arrived. */
  add(rows: number): void;
  /** Removes the bar, and draws it no more. */
  end(): void;
}

/** Starts the bar. It appears only if the query takes longer than a second. */
export function showWaiting(terminal: Terminal, now: () => number, what = 'rows'): Waiting {
  const startedAt = now();
  let rows = 0;
  let isDrawn = false;
  const draw = () => {
    const elapsedMs = now() - startedAt;
    if (elapsedMs < FIRST_MS) return;
    isDrawn = true;
    const soFar = rows > 0 ? `, ${count(rows)} ${what}` : '';
    const line = `${barAt(Math.floor(elapsedMs / REDRAW_MS))} ${duration(elapsedMs)}${soFar}`;
    terminal.draw(cutTo(line, terminal.noteWidth - 1));
  };
  const timer = terminal.isInteractive ? setInterval(draw, REDRAW_MS) : undefined;
  timer?.unref();
  return {
    add(more) {
      rows += more;
    },
    end() {
      clearInterval(timer);
      if (isDrawn) terminal.erase();
      isDrawn = false;
    },
  };
}

/** A block that moves from left to right and back. */
function barAt(step: number): string {
  const way = BAR - BLOCK;
  const at = way - Math.abs(way - (step % (2 * way)));
  return `[${' '.repeat(at)}${'='.repeat(BLOCK)}${' '.repeat(way - at)}]`;
}
