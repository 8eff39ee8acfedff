import { readdirSync, readFileSync } from 'node:fs';

/** Returns the ids of a process's running child processes. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const [state, parent] = statOf(name);
    return parent === String(pid) && state !== 'Z' ? [Number(name)] : [];
  });
}

/** Returns the ids of a process's child processes that have ended, but for which the process has not waited yet. */
export function zombiesOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const [state, parent] = statOf(name);
    return parent === String(pid) && state === 'Z' ? [Number(name)] : [];
  });
}

/** Returns the state and the parent, which come after the command's name; that name may contain anything. */
function statOf(name: string): string[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

/** Returns the program of a process with its arguments; empty if the process has ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the processes that answer SQL for this server. */
export function sqlReadersOf(pid: number): number[] {
  return childrenOf(pid).filter((child) => commandOf(child).includes('/sql-reader.js'));
}
