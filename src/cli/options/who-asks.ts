import { hostname, userInfo } from 'node:os';
import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Returns the name that is stored for the person who asks: the given name, or this process's user and host. Throws
 * UserFault for an empty name.
 */
export function whoAsks(given: string | undefined): string {
  if (given === undefined) return `${userName()}@${hostname()}`;
  if (given.trim() !== '') return given;
  throw new UserFault('--by must name somebody.', { exitCode: 2 });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run with a user number that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
