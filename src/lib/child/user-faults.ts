import { ArchiveMoved } from '../errors/archive-moved.ts';
import { UserFault } from '../errors/user-fault.ts';
import { namedError } from './named-error.ts';

/**
 * The failures that a person can repair and that any child process may have. Longer lists of named errors end with
 * these.
 */
export const userFaults = [
  namedError(
    'ArchiveMoved',
    ArchiveMoved,
    ({ lines, exitCode }) => ({ lines, exitCode }),
    ({ lines, exitCode }) => new ArchiveMoved(lines, { exitCode }),
  ),
  namedError(
    'UserFault',
    UserFault,
    ({ lines, exitCode }) => ({ lines, exitCode }),
    ({ lines, exitCode }) => new UserFault(lines, { exitCode }),
  ),
];
