import { decodeOutput, withoutNuls } from '../../lib/text/decode-output.ts';
import { refuseLonger } from './refuse-longer.ts';

const MOST_PART = 10_000;
/** The driver turns a JavaScript number into a REAL (1.0), so this is a BigInt. */
const [NO, YES] = [0n, 1n];

/**
 * `contains(text, part)`: 1 if the text contains exactly the part, NULs included, like DuckDB's function of that name.
 * NULL if either is NULL. SQLite's LIKE, GLOB, length and substr stop at the first NUL.
 */
export function contains(text: unknown, part: unknown): bigint | null {
  if (text === null || part === null) return null;
  const [whole, sought] = [textArgument('contains', text), partArgument('contains', part)];
  return whole.includes(sought) ? YES : NO;
}

/**
 * `contains_text(output, part)`: like `contains`, but ignores the case of A to Z, and also searches the decoded text if
 * the output's program wrote UTF-16.
 */
export function containsText(output: unknown, part: unknown): bigint | null {
  if (output === null || part === null) return null;
  const [whole, sought] = [textArgument('contains_text', output), partArgument('contains_text', part)];
  const pattern = patternOf(sought);
  if (pattern.test(whole)) return YES;
  if (!whole.includes('\0')) return NO;
  return pattern.test(decodeOutput(whole)) || pattern.test(withoutNuls(whole)) ? YES : NO;
}

function textArgument(name: string, value: unknown): string {
  const text = textOf(value);
  refuseLonger(name, text);
  return text;
}

function partArgument(name: string, value: unknown): string {
  const part = textOf(value);
  if (part.length > MOST_PART) throw new RangeError(`${name} takes parts of at most ${MOST_PART} characters`);
  return part;
}

const textOf = (value: unknown) => (Buffer.isBuffer(value) ? value.toString() : String(value));

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
