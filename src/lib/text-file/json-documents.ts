import { endOfText } from '../json/json-parts.ts';

export interface JsonDocument {
  text: string;
  /** The number of the line on which the document begins; the first line is 1. */
  line: number;
}

/**
 * What is allowed between two documents: blanks, line ends, and a byte order mark, which the second document has if it
 * was a file of its own.
 */
const BETWEEN = /[\s\ufeff]*/y;
const STRUCTURE = /["[\]{}]/g;

/**
 * Returns the objects and lists that follow one another in a text, such as several replies in one file, or one on each
 * line. They are not parsed. At the first part that is incomplete, or is neither an object nor a list, the whole rest
 * of the text is returned as the last document.
 */
export function jsonDocuments(text: string): JsonDocument[] {
  const found: JsonDocument[] = [];
  let line = 1;
  let counted = 0;
  for (let at = pastBlanks(text, 0); at < text.length; ) {
    for (let end = text.indexOf('\n', counted); end >= 0 && end < at; end = text.indexOf('\n', counted)) {
      line += 1;
      counted = end + 1;
    }
    const end = endOfDocument(text, at);
    found.push({ text: text.slice(at, end), line });
    at = pastBlanks(text, end);
  }
  return found;
}

function pastBlanks(text: string, at: number): number {
  BETWEEN.lastIndex = at;
  BETWEEN.test(text);
  return BETWEEN.lastIndex;
}

function endOfDocument(text: string, start: number): number {
  if (text[start] !== '{' && text[start] !== '[') return text.length;
  let depth = 0;
  STRUCTURE.lastIndex = start;
  for (let match = STRUCTURE.exec(text); match !== null; match = STRUCTURE.exec(text)) {
    const [character] = match;
    if (character === '"') STRUCTURE.lastIndex = endOfText(text, match.index) + 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (--depth === 0) return match.index + 1;
  }
  return text.length;
}
