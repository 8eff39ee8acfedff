import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const STATE_AT = 0;
const USER_AT = 11;
const SYSTEM_AT = 12;

/** Returns the processor time that a process and its threads have used; NaN if the system has no /proc. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name may contain spaces, so this skips it. The fields after the name begin with the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE_AT] === undefined) return Number.NaN;
    return (Number(fields[USER_AT]) + Number(fields[SYSTEM_AT])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}
