import { readFileSync } from 'node:fs';

/** Returns the most memory that the process has had, in bytes; 0 if it has ended. */
export function peakOf(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
