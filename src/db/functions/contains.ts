import { decodeOutput, withoutNuls } from '../../lib/text/decode-output.ts';

/** An output has some kilobytes. What is longer was made by a query, and would hold its process up. */
const MOST_CHARACTERS = 1_000_000;
const MOST_PART = 10_000;
/** The driver makes a REAL of a number: 1.0. */
const [NO, YES] = [0n, 1n];

/**
 * `contains(text, part)`: 1 where the text has the part in it, exactly, NULs included; as DuckDB's function of that name. NULL where
 * either is. SQLite's LIKE, GLOB, length and substr stop at the first NUL.
 */
export function contains(text: unknown, part: unknown): bigint | null {
  if (text === null || part === null) return null;
  const [whole, sought] = [argumentText('contains', text, MOST_CHARACTERS), argumentText('contains', part, MOST_PART)];
  return whole.includes(sought) ? YES : NO;
}

/**
 * `contains_text(output, part)`: the same without the case of A to Z, and also of what the output's program meant, where it wrote
 * UTF-16.
 */
export function containsText(output: unknown, part: unknown): bigint | null {
  if (output === null || part === null) return null;
  const [whole, sought] = [
    argumentText('contains_text', output, MOST_CHARACTERS),
    argumentText('contains_text', part, MOST_PART),
  ];
  const pattern = patternOf(sought);
  if (pattern.test(whole)) return YES;
  if (!whole.includes('\0')) return NO;
  return pattern.test(decodeOutput(whole)) || pattern.test(withoutNuls(whole)) ? YES : NO;
}

function argumentText(name: string, value: unknown, most: number): string {
  const text = Buffer.isBuffer(value) ? value.toString() : String(value);
  if (text.length <= most) return text;
  throw new RangeError(
    `${name} takes texts of at most ${MOST_CHARACTERS} characters, and parts of at most ${MOST_PART}`,
  );
}

let last: { part: string; pattern: RegExp } | undefined;

/** A query asks for one part in many rows. Only the letters A to Z are the same in both cases: all else is itself. */
function patternOf(part: string): RegExp {
  if (last?.part === part) return last.pattern;
  const source = part.replaceAll(/[A-Za-z]|[^\w\s]/gu, (one) =>
    /[A-Za-z]/.test(one) ? `[${one.toLowerCase()}${one.toUpperCase()}]` : escaped(one),
  );
  last = { part, pattern: new RegExp(source) };
  return last.pattern;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
