import { parseSearch, SearchInvalid } from './parse-search.ts';
import type { Read, Reading } from './reading.ts';
import { noTime, readTime } from './time/read-time.ts';

const MOST_CHARACTERS = 2000;

/** Reads a text that is compared with texts of the archive, character by character. */
export const readText: Read<string> = (typed) => {
  const [text = '', ...more] = typed;
  if (more.length > 0) return { fault: 'must be given once' };
  if (text === '') return { fault: 'must not be empty' };
  if (text.length > MOST_CHARACTERS) return { fault: `must have at most ${MOST_CHARACTERS} characters` };
  // SQLite can't store half a character. It can store a NUL, which some documents' names and comments have.
  if (!text.isWellFormed()) return { fault: 'must be text without lone surrogates' };
  return { value: text };
};

/** Returns a reader of times. Its values are ISO 8601 with milliseconds. */
export const readTimeOf: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) => {
    const value = readTime(text, context.now.getTime());
    if (value !== undefined) return { value };
    const hint = /\d \d{2}:?\d{2}$/.test(text) ? ' (a + in a URL is written %2B)' : '';
    return { fault: `${noTime(text)}${hint}` };
  });

/** Reads a search as an FTS5 expression. */
export const readSearch: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) => {
    // FTS5 would cut the expression at a NUL.
    if (text.includes('\0')) return { fault: 'must be text without NUL' };
    try {
      return { value: parseSearch(text) };
    } catch (error) {
      if (!(error instanceof SearchInvalid)) throw error;
      return { fault: `${error.message} (at character ${error.position + 1})` };
    }
  });

/** Applies `next` to a value that was understood. */
export function after<Value, Next>(reading: Reading<Value>, read: (value: Value) => Reading<Next>): Reading<Next> {
  return 'fault' in reading ? reading : read(reading.value);
}
