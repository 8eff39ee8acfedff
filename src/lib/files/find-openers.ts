import { readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { namesIn } from './names-in.ts';

/** A process that has a file open. */
export interface Opener {
  pid: number;
  /** The command line; empty if the system does not show it. */
  command: string;
}

const PROCESSES = '/proc';
const MOST_COMMAND_CHARACTERS = 120;
const MOST_NAMED = 3;

/**
 * Returns the other processes that have a file open, as far as this user may see them. On Linux, users see their own
 * processes, and root sees all. On other systems the list is always empty.
 */
export function findOpeners(path: string): Opener[] {
  const id = idOf(path);
  if (id === undefined) return [];
  return namesIn(PROCESSES)
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && hasOpen(name, realPath(path), id))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }));
}

/**
 * Returns the processes that were not started by another process in the list. If a server and its readers are in the
 * list, only the server is returned.
 */
function leaders(openers: readonly Opener[]): Opener[] {
  const pids = new Set(openers.map(({ pid }) => pid));
  return openers.filter(({ pid }) => !pids.has(parentOf(pid)));
}

/** Returns the processes as part of a sentence; "another process" if none can be named. */
export function nameOpeners(all: readonly Opener[]): string {
  if (all.length === 0) return 'another process';
  const openers = leaders(all);
  const named = openers
    .slice(0, MOST_NAMED)
    .map(({ pid, command }) => (command === '' ? `process ${pid}` : `process ${pid} (${command})`));
  const more = openers.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function hasOpen(pid: string, path: string, id: string): boolean {
  const folder = `${PROCESSES}/${pid}/fd`;
  return namesIn(folder).some((name) => {
    const link = `${folder}/${name}`;
    try {
      const target = readlinkSync(link);
      if (target === path) return true;
      // In a container the file may have another path, so device and inode are compared. Links to pipes and sockets do
      // not begin with a slash.
      return target.startsWith('/') && !target.startsWith('/dev/') && idOf(link) === id;
    } catch {
      return false;
    }
  });
}

function commandOf(pid: string): string {
  try {
    const command = readFileSync(`${PROCESSES}/${pid}/cmdline`, 'utf8')
      .replace(/[\0\s]+/g, ' ')
      .trim();
    return command.length > MOST_COMMAND_CHARACTERS ? `${command.slice(0, MOST_COMMAND_CHARACTERS)}…` : command;
  } catch {
    return '';
  }
}

function parentOf(pid: number): number {
  try {
    // The process's name is before these fields, in parentheses, and may itself contain parentheses and blanks.
    const [, , parent] = readFileSync(`${PROCESSES}/${pid}/stat`, 'latin1').replace(/^.*\)/s, ')').split(' ');
    return Number(parent);
  } catch {
    return 0;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function idOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
