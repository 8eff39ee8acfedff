import { decodeOutput, withoutNuls } from '../../lib/text/decode-output.ts';

/** Outputs have some kilobytes. A longer text was made by the query itself, and would block its process. */
const MOST_CHARACTERS = 1_000_000;
const MOST_PART = 10_000;
/** The driver turns a JavaScript number into a REAL (1.0), so this is a BigInt. */
const [NO, YES] = [0n, 1n];

/**
 * `contains(text, part)`: 1 if the text contains exactly the part, NULs included, like DuckDB's function of that name.
 * NULL if either is NULL. SQLite's LIKE, GLOB, length and substr stop at the first NUL.
 */
export function contains(text: unknown, part: unknown): bigint | null {
  if (text === null || part === null) return null;
  const [whole, sought] = [argumentText('contains', text, MOST_CHARACTERS), argumentText('contains', part, MOST_PART)];
  return whole.includes(sought) ? YES : NO;
}

/**
 * `contains_text(output, part)`: like `contains`, but ignores the case of A to Z, and also searches the decoded text if
 * the output's program wrote UTF-16.
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

/** A query searches for one part in many rows, so the part's pattern is kept. Case is ignored only for A to Z. */
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
