import { hostname, userInfo } from 'node:os';
import { UserFault } from '../../lib/errors/user-fault.ts';

/** Who asks for something that is kept with a name: as it was given, or this process's user and host. Throws UserFault for an empty name. */
export function whoAsks(given: string | undefined): string {
  if (given === undefined) return `${userName()}@${hostname()}`;
  if (given.trim() !== '') return given;
  throw new UserFault('--by must name somebody.', { exitCode: 2 });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return String(process.getuid?.() ?? 'unknown');
  }
}
