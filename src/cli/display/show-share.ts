import type { Terminal } from '../terminal.ts';
import { count, cutTo, duration } from '../text/format.ts';

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 30;
/** After less time the rate is chance, and the time that is left would be hours too long or too short. */
const MEASURED_MS = 5000;

interface Moment {
  at: number;
  done: number;
}

/**
 * Shows how much of a task of known length is done: on a terminal as a bar, elsewhere as a line now and then. The time
 * that is left is estimated from the rate since the first part was done: what came before, such as checks of the whole
 * file, is done once.
 */
export function createShareDisplay(
  terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note' | 'noteWidth'>,
  { doing, what, clock = () => performance.now() }: { doing: string; what: string; clock?: () => number },
): (done: number, of: number) => void {
  let saidAt = clock();
  let first: Moment | undefined;
  return (done, of) => {
    const now = clock();
    if (first === undefined && done > 0) first = { at: now, done };
    if (now - saidAt < (terminal.isInteractive ? REDRAW_MS : LINE_EVERY_MS)) return;
    saidAt = now;
    const share = of === 0 ? 1 : Math.min(1, done / of);
    const leftMs = first && now - first.at >= MEASURED_MS ? timeLeft(first, { at: now, done }, of) : undefined;
    const left = leftMs === undefined ? '' : `, about ${duration(leftMs)} left`;
    const line = `${Math.floor(share * 100)} %, ${count(done)} of ${count(of)} ${what}${left}`;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    if (terminal.isInteractive) terminal.draw(cutTo(`${bar} ${line}`, terminal.noteWidth));
    else terminal.note(`${doing}: ${line}`);
  };
}

function timeLeft(first: Moment, now: Moment, of: number): number | undefined {
  if (now.done <= first.done) return undefined;
  return ((now.at - first.at) / (now.done - first.done)) * Math.max(0, of - now.done);
}
