/** A child process ended before its answer, or could not be started. The message says how. */
export class ChildLost extends Error {
  override name = 'ChildLost';
}
