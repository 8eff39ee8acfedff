import { UserFault } from './user-fault.ts';

/**
 * The file at the archive's path is not the file that this process has open. Anything written now would be lost with
 * the open file.
 */
export class ArchiveMoved extends UserFault {
  override name = 'ArchiveMoved';
}
