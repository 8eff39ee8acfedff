import { constants, setPriority } from 'node:os';

/**
 * Lets all other processes go before this one, or before the one of that number, from now on; there is no way back from that
 * without privileges. A sandbox may refuse it, and a process may have ended: then it stays as it is.
 */
export function lowerPriority(pid = 0): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {}
}
