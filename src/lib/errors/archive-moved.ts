import { UserFault } from './user-fault.ts';

/** The file at the archive's path is not the one that this process has open: whatever was written would go elsewhere. */
export class ArchiveMoved extends UserFault {
  override name = 'ArchiveMoved';
}
