import type { PassView } from '../../model/coverage/passes.ts';
import { MOST_LINES, progressLine } from '../display/show-progress.ts';
import type { Terminal } from '../terminal.ts';
import { counted, duration } from '../text/format.ts';

const REDRAW_MS = 200;
const LINE_EVERY_MS = 5000;

/**
 * Shows a server's passes on the terminal where it was started: the progress, which is redrawn, and a line at the end
 * of each pass.
 */
export interface PassesDisplay {
  show(view: PassView): void;
  /** Tells the display when the next pass is, once the server knows that. */
  started(nextPass: () => Date | undefined): void;
  end(): void;
}

/** Makes the display. `now` is the clock from which passes have their times. */
export function createPassesDisplay(terminal: Terminal, now: () => Date): PassesDisplay {
  let nextPass: () => Date | undefined = () => undefined;
  let running: PassView | undefined;
  let isEnded = false;

  function lines(): string[] {
    if (!running) return [];
    const nowMs = now().getTime();
    const since = `Collecting for ${duration(nowMs - Date.parse(running.startedAt))}.`;
    const sources = running.sources.map((source) => progressLine(source, nowMs, terminal.noteWidth - 1));
    return [since, ...sources.slice(-MOST_LINES)];
  }

  const draw = () => running && terminal.draw(lines());
  // Draws again even if the progress has not changed: while a pass waits for a reply, a person must see that time
  // passes.
  const timer = terminal.isInteractive ? setInterval(draw, REDRAW_MS) : setInterval(sayLine, LINE_EVERY_MS);
  timer.unref();

  function sayLine(): void {
    if (running) terminal.note(lines());
  }

  function stopDrawing(): void {
    if (running && terminal.isInteractive) terminal.erase();
    running = undefined;
  }

  return {
    show(view) {
      if (isEnded) return;
      if (view.state !== 'running') {
        stopDrawing();
        terminal.note(endOf(view, nextPass(), now()));
      } else if (running?.id === view.id) running = view;
      else {
        running = view;
        if (terminal.isInteractive) draw();
        else terminal.note('A pass has begun: it collects what is not in the archive yet.');
      }
    },
    started(next) {
      nextPass = next;
    },
    end() {
      isEnded = true;
      clearInterval(timer);
      stopDrawing();
    },
  };
}

const ENDED = { complete: 'is complete', failed: 'ended with failures', interrupted: 'was interrupted' };

/** The lines for the result of a pass, and when the next one begins. */
function endOf({ runId, state, sources, error }: PassView, next: Date | undefined, now: Date): string {
  if (state === 'running') return '';
  const added = sources.reduce((sum, { rowsAdded }) => sum + rowsAdded, 0);
  const pass = runId === null ? 'The pass' : `Pass ${runId}`;
  const came = error ?? `${counted(added, 'new invocation')}.`;
  const then =
    next === undefined
      ? ''
      : ` The next pass is at ${atOf(next)}, in ${duration(Math.max(0, next.getTime() - now.getTime()))}.`;
  return `${now.toISOString().slice(0, 19)}Z  ${pass} ${ENDED[state]}: ${came}${then}`;
}

function atOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
