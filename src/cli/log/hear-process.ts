import { format } from 'node:util';
import { hearChildren } from '../../lib/child/child-errors.ts';

const CONSOLE = ['debug', 'info', 'log', 'warn', 'error'] as const;

interface Listener {
  /** A warning of Node or of a library, which would otherwise go to standard error as it is. */
  onWarning(text: string): void;
  /** A line that a child process has written. */
  onChildLine(line: string): void;
}

/**
 * Takes everything that this process and its children would write to standard error without the terminal and the log.
 */
export function hearProcess({ onWarning, onChildLine }: Listener): void {
  hearChildren(onChildLine);
  // Node's own listener writes warnings to standard error.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => onWarning(`${name}: ${message}`));
  // The AWS SDK warns in this way.
  for (const method of CONSOLE)
    Object.assign(console, { [method]: (...words: unknown[]) => onWarning(format(...words)) });
}
