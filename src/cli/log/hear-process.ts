import { format } from 'node:util';
import { hearChildren } from '../../lib/child/child-errors.ts';

const CONSOLE = ['debug', 'info', 'log', 'warn', 'error'] as const;

interface Listener {
  /** A warning from Node or a library, which would otherwise go to standard error unchanged. */
  onWarning(text: string): void;
  /** A line that a child process has written. */
  onChildLine(line: string): void;
}

/**
 * Receives everything that this process and its children would write to standard error without using the terminal or
 * the log.
 */
export function hearProcess({ onWarning, onChildLine }: Listener): void {
  hearChildren(onChildLine);
  // This removes Node's own listener, which writes warnings to standard error.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => onWarning(`${name}: ${message}`));
  // The AWS SDK warns through `console`.
  for (const method of CONSOLE)
    Object.assign(console, { [method]: (...words: unknown[]) => onWarning(format(...words)) });
}
