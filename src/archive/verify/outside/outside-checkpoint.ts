/** A checkpoint that the archive's file is held to beside its own, and where it is from. */
export interface OutsideCheckpoint {
  from: string;
  note: string;
  /**
   * The service itself writes it beside the archive: the file must fit it, and nobody can say by it that the file is the true one, since
   * who can change the file can often change this one too.
   */
  isOwn?: boolean | undefined;
}
