import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

let hear: ((line: string) => void) | undefined;

/**
 * From here on, what child processes write to standard error is heard line by line, and no longer goes to this process's own directly: in a
 * JSON log the last words of a crashed process would not be JSON, and on a terminal they would run into what is drawn there.
 */
export function hearChildren(listener: (line: string) => void): void {
  hear = listener;
}

/** What a child that is about to be started has for its standard error. */
export function childErrors(): 'inherit' | 'pipe' {
  return hear === undefined ? 'inherit' : 'pipe';
}

/** Hears a child that was started so. */
export function relayErrors({ stderr }: Pick<ChildProcess, 'stderr'>): void {
  if (!stderr) return;
  createInterface({ input: stderr }).on('line', (line) => {
    if (line !== '') hear?.(line);
  });
}
