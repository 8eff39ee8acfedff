import { parseSearch, SearchInvalid } from './parse-search.ts';
import type { Read, Reading } from './reading.ts';
import { noTime, readTime } from './time/read-time.ts';

const MOST_CHARACTERS = 2000;

/** A text that is compared with the archive's own, character by character. */
export const readText: Read<string> = (typed) => {
  const [text = '', ...more] = typed;
  if (more.length > 0) return { fault: 'must be given once' };
  if (text === '') return { fault: 'must not be empty' };
  if (text.length > MOST_CHARACTERS) return { fault: `must have at most ${MOST_CHARACTERS} characters` };
  // SQLite can't hold half of a character. A NUL it can: some documents' names and comments have one.
  if (!text.isWellFormed()) return { fault: 'must be text without lone surrogates' };
  return { value: text };
};

/** A time, as ISO 8601 with milliseconds. */
export const readTimeOf: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) => {
    const value = readTime(text, context.now.getTime());
    if (value !== undefined) return { value };
    const hint = /\d \d{2}:?\d{2}$/.test(text) ? ' (a + in a URL is written %2B)' : '';
    return { fault: `${noTime(text)}${hint}` };
  });

/** What a person types to search for, as an FTS5 expression. */
export const readSearch: Read<string> = (typed, context) =>
  after(readText(typed, context), (text) => {
    // FTS5 would end what it searches for there.
    if (text.includes('\0')) return { fault: 'must be text without NUL' };
    try {
      return { value: parseSearch(text) };
    } catch (error) {
      if (!(error instanceof SearchInvalid)) throw error;
      return { fault: `${error.message} (at character ${error.position + 1})` };
    }
  });

/** Goes on with what was understood. */
export function after<Value, Next>(reading: Reading<Value>, read: (value: Value) => Reading<Next>): Reading<Next> {
  return 'fault' in reading ? reading : read(reading.value);
}
