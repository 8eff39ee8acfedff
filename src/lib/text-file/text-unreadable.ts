/** Bytes that are not text. The message says why, worded to come after the source's name: `is not text in UTF-8 …`. */
export class TextUnreadable extends Error {
  override name = 'TextUnreadable';
}
