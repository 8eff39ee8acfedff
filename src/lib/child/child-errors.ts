import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

let hear: ((line: string) => void) | undefined;

/**
 * From this call on, `listener` receives each line that child processes write to standard error, and the lines no
 * longer go to this process's own standard error. On standard error, the last lines of a crashed process would not be
 * JSON in a JSON log, and would be mixed with a drawing on a terminal.
 */
export function hearChildren(listener: (line: string) => void): void {
  hear = listener;
}

/** The `stdio` value for the standard error of a child that is about to be started. */
export function childErrors(): 'inherit' | 'pipe' {
  return hear === undefined ? 'inherit' : 'pipe';
}

/**
 * Sends the lines of a child's standard error to the listener. Does nothing if the child inherited this process's
 * standard error.
 */
export function relayErrors({ stderr }: Pick<ChildProcess, 'stderr'>): void {
  if (!stderr) return;
  createInterface({ input: stderr }).on('line', (line) => {
    if (line !== '') hear?.(line);
  });
}
