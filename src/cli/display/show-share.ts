import type { Terminal } from '../terminal.ts';
import { count, cutTo, duration } from '../text/format.ts';

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 30;

/** Shows how much of a task of known length is done: on a terminal as a bar, elsewhere as a line now and then. */
export function createShareDisplay(
  terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note' | 'noteWidth'>,
  { doing, what }: { doing: string; what: string },
): (done: number, of: number) => void {
  const startedAt = performance.now();
  let saidAt = startedAt;
  return (done, of) => {
    const now = performance.now();
    if (now - saidAt < (terminal.isInteractive ? REDRAW_MS : LINE_EVERY_MS)) return;
    saidAt = now;
    const share = of === 0 ? 1 : Math.min(1, done / of);
    const left = share > 0 ? `, about ${duration(((now - startedAt) / share) * (1 - share))} left` : '';
    const line = `${Math.floor(share * 100)} %, ${count(done)} of ${count(of)} ${what}${left}`;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    if (terminal.isInteractive) terminal.draw(cutTo(`${bar} ${line}`, terminal.noteWidth));
    else terminal.note(`${doing}: ${line}`);
  };
}
