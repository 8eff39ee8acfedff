import { readdirSync, readFileSync } from 'node:fs';

/** The processes that this one has started and that are not gone; empty where there is no /proc. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const [state, parent] = statOf(name);
    return parent === String(pid) && state !== 'Z' ? [Number(name)] : [];
  });
}

/** Those that have ended, and whose end it has not heard of. */
export function zombiesOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const [state, parent] = statOf(name);
    return parent === String(pid) && state === 'Z' ? [Number(name)] : [];
  });
}

/** The state and the parent, behind the command's name, which may hold anything. */
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

/** The program of a process with its arguments; empty where it has ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The processes that answer SQL for this server. */
export function sqlReadersOf(pid: number): number[] {
  return childrenOf(pid).filter((child) => commandOf(child).includes('sql-reader.js'));
}
