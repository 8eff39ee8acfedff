/**
 * A checkpoint that was kept outside the archive's file, and with which the file is compared. `from` says where the
 * checkpoint is from.
 */
export interface OutsideCheckpoint {
  from: string;
  note: string;
  /**
   * Whether the service itself wrote the checkpoint. The archive must fit it, but it does not prove that the archive is
   * genuine: somebody who can change the archive can often change the checkpoint too.
   */
  isOwn?: boolean | undefined;
}
