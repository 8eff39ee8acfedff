import { constants, setPriority } from 'node:os';

/**
 * Gives this process, or the process with the given number, the lowest priority. Only a privileged user can raise it
 * again. Does nothing if a sandbox refuses or the process has ended.
 */
export function lowerPriority(pid = 0): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {}
}
