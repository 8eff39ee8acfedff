/** A question needs sealed days, and their lake can't be read. The message says why, and what to do. */
export class SealedUnreadable extends Error {
  override name = 'SealedUnreadable';
}
