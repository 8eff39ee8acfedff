import { expect } from 'vitest';
import type { CliResult } from '../run-cli.ts';

/**
 * The hostile text: what somebody could put into a name to write on its reader's screen. It goes up a line, erases it,
 * writes in green, sets the window's title, clears the screen with a C1 control character, reverses the direction of
 * writing, and begins new lines.
 */
export const PLANT =
  '\x1b[1A\x1b[2K\x1b[32mGENUINE\x1b[0m\x1b]0;owned\x07\x9b2J\x7f\u061c\u200e\u200f\u202e\u2066\u2028\r\nPLANTED\x85PLANTED';

/** The hostile text without C0 control characters, which the protocols that carry such texts forbid. */
export const PLANT_OF_HEADERS = '\x9b2J\x7f';

/**
 * Everything that acts on a terminal: C0 control characters except the line feed, DEL, C1 control characters, marks
 * that change the direction of writing, and line separators.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
const ACTS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Fails if something in the text acts on a terminal, or if a line begins with the start of a line of the hostile text.
 */
export function expectHarmless(text: string): void {
  expect(ACTS.exec(text)?.[0], `in ${JSON.stringify(text)}`).toBeUndefined();
  expect(text.split('\n').filter((line) => /^\s*PLANTED/.test(line))).toEqual([]);
}

/**
 * Whether part of the hostile text is shown, with its control characters escaped. A trial that never shows it proves
 * nothing.
 */
export function showsPlant({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>): boolean {
  // The last of these forms is used in URLs.
  return /\\x1b\[1A|\\u001b\[1A|\\x9b2J|\\u009b2J|%C2%9B2J/.test(stdout + stderr);
}
