/** Bytes that are no text. The message says what they are, behind the name of what they were read from: `is not text in UTF-8 …`. */
export class TextUnreadable extends Error {
  override name = 'TextUnreadable';
}
