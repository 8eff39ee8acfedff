import { ArchiveMoved } from '../errors/archive-moved.ts';
import { UserFault } from '../errors/user-fault.ts';
import { namedError } from './named-error.ts';

/** The failures that a person can mend and that any child process may meet. A list of more has these at its end. */
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
