/** A checkpoint from outside that the archive's file is compared with, and where it is from. */
export interface OutsideCheckpoint {
  from: string;
  note: string;
  /**
   * The service itself wrote it beside the archive. The file must fit it, but it does not prove that the file is
   * genuine: who can change the file can often change this one too.
   */
  isOwn?: boolean | undefined;
}
