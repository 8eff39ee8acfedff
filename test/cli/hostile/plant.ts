import { expect } from 'vitest';
import type { CliResult } from '../run-cli.ts';

/**
 * What somebody could put into a name to write on its reader's screen: goes up a line, erases it, writes in green, sets the
 * window's title, clears the screen by a control of C1, turns the direction of writing, and begins lines of its own.
 */
export const PLANT =
  '\x1b[1A\x1b[2K\x1b[32mGENUINE\x1b[0m\x1b]0;owned\x07\x9b2J\x7f\u061c\u200e\u200f\u202e\u2066\u2028\r\nPLANTED\x85PLANTED';

/** The same as far as a word of the protocols may have it that carry it: no controls of C0. */
export const PLANT_OF_HEADERS = '\x9b2J\x7f';

/** All that acts on a terminal: controls of C0 but the line feed, DEL, C1, marks that turn the direction of writing, line separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ACTS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What a terminal is given must not act on it, and no line of it may be somebody else's. */
export function expectHarmless(text: string): void {
  expect(ACTS.exec(text)?.[0], `in ${JSON.stringify(text)}`).toBeUndefined();
  expect(text.split('\n').filter((line) => /^\s*PLANTED/.test(line))).toEqual([]);
}

/** Whether some of the plant is there, as its escapes: a trial that never shows it proves nothing. */
export function showsPlant({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>): boolean {
  // The last is how it stands in an address.
  return /\\x1b\[1A|\\u001b\[1A|\\x9b2J|\\u009b2J|%C2%9B2J/.test(stdout + stderr);
}
