import { ArchiveMoved } from '../errors/archive-moved.ts';
import { UserFault } from '../errors/user-fault.ts';
import { namedError } from './named-error.ts';

/**
 * Failures that a person can repair and that any child process may report. They are the end of longer lists of named
 * errors.
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
