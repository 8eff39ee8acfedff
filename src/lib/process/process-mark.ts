import { hostname } from 'node:os';
import { DAY_MS } from '../time.ts';
import { hostMark } from './host-mark.ts';
import { isAlive } from './is-alive.ts';

/** The beginning of the names of files that this process makes for a short time. It has no dot. */
export function processMark(): string {
  return `${hostMark(hostname())}-${process.pid}`;
}

/**
 * Whether a file with this mark was left by a process that is over. Nobody can say that of a process on another machine,
 * or in another container, until the file is a day old.
 */
export function isLeftOver(mark: string, ageMs: number): boolean {
  const [host, pid] = mark.split('-');
  return host === hostMark(hostname()) ? !isAlive(Number(pid)) : ageMs > DAY_MS;
}
