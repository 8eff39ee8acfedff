import { expect } from 'vitest';
import type { CliResult } from '../run-cli.ts';

/**
 * A text that somebody could put into a name to write on its reader's screen. It goes up a line, erases it, writes in
 * green, sets the window's title, clears the screen by a control of C1, turns the direction of writing, and begins
 * lines of its own.
 */
export const PLANT =
  '\x1b[1A\x1b[2K\x1b[32mGENUINE\x1b[0m\x1b]0;owned\x07\x9b2J\x7f\u061c\u200e\u200f\u202e\u2066\u2028\r\nPLANTED\x85PLANTED';

/** The same text, without controls of C0, which the protocols that carry such words forbid. */
export const PLANT_OF_HEADERS = '\x9b2J\x7f';

/**
 * Everything that acts on a terminal: controls of C0 except the line feed, DEL, C1, marks that turn the direction of
 * writing, line separators.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ACTS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Fails if something in the text acts on a terminal, or if one of its lines begins as the plant's own. */
export function expectHarmless(text: string): void {
  expect(ACTS.exec(text)?.[0], `in ${JSON.stringify(text)}`).toBeUndefined();
  expect(text.split('\n').filter((line) => /^\s*PLANTED/.test(line))).toEqual([]);
}

/** Whether part of the plant is there, as its escapes. A trial that never shows the plant proves nothing. */
export function showsPlant({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>): boolean {
  // The last form is the one in an address.
  return /\\x1b\[1A|\\u001b\[1A|\\x9b2J|\\u009b2J|%C2%9B2J/.test(stdout + stderr);
}
