import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import { UserFault } from '../lib/user-fault.ts';

/** Where a command writes: data to standard output, all that is about the work to standard error. */
export interface Terminal {
  out(text: string): void;
  /** Writes data as it is; resolves when more of it may come. */
  write(data: string | Uint8Array): Promise<void>;
  note(text: string): void;
  /** Redraws these lines in place; only on a terminal. */
  draw(lines: string): void;
  /** Leaves the last drawing standing. */
  drawn(): void;
  /** Takes the last drawing away. */
  erase(): void;
  isInteractive: boolean;
  /** Columns of standard output where it is a terminal, else unlimited. */
  outWidth: number;
  /** Columns of standard error where it is a terminal, else 80. */
  noteWidth: number;
  color(style: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string): string;
}

/** The terminal of this process. */
export function createTerminal(): Terminal {
  const isInteractive = process.stderr.isTTY === true && process.stderr.getColorDepth() > 0;
  const update = createLogUpdate(process.stderr);
  // A reader that closes the pipe early, such as head, has seen enough.
  process.stdout.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    write: (data) =>
      new Promise((resolve) => {
        if (process.stdout.write(data)) resolve();
        else process.stdout.once('drain', resolve);
      }),
    note: (text) => process.stderr.write(`${text}\n`),
    draw: update,
    drawn: () => update.done(),
    erase() {
      update.clear();
      update.done();
    },
    isInteractive,
    outWidth: process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    noteWidth: process.stderr.columns ?? 80,
    color: (style, text) => (process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text),
  };
}

/** Aborts at the first SIGINT or SIGTERM, which the work answers by ending cleanly, and exits at once at the second. */
export function stopSignal(terminal: Terminal, what: string): { signal: AbortSignal; isStopped: Promise<void> } {
  const controller = new AbortController();
  const isStopped = new Promise<void>((resolve) => {
    const stop = (name: NodeJS.Signals) => {
      if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
      terminal.note(`\n${what} Press Ctrl-C again to end at once.`);
      controller.abort();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return { signal: controller.signal, isStopped };
}

/** A time that a person typed, in epoch milliseconds. Throws UserFault for anything but a date or an ISO 8601 time. */
export function parseTime(option: string, text: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const ms = isDate || isTime ? Date.parse(text) : Number.NaN;
  // Date.parse rolls a day that its month has not over into the next month.
  const day = Date.parse(text.slice(0, 10));
  const isOnCalendar = !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  if (Number.isNaN(ms) || !isOnCalendar) {
    throw new UserFault(
      `${option} must be a date (2026-03-01) or an ISO 8601 time with its zone (2026-03-01T09:30:00Z), not "${text}".`,
      {
        exitCode: 2,
      },
    );
  }
  return ms;
}

/** The span that --from and --to name; undefined where neither is given. Throws UserFault where it is empty. */
export function parseSpan(from: string | undefined, to: string | undefined, nowMs: number, earliestMs: number) {
  if (from === undefined && to === undefined) return undefined;
  const span = {
    from: from === undefined ? earliestMs : parseTime('--from', from),
    to: to === undefined ? nowMs : parseTime('--to', to),
  };
  if (span.from >= span.to) {
    throw new UserFault(
      `--from must be earlier than --to: from ${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()} is no span.`,
      {
        exitCode: 2,
      },
    );
  }
  return span;
}
