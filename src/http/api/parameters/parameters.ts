import { z } from '@hono/zod-openapi';
import { recordOf } from '../../../lib/json/record-of.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../../questions/filters.ts';
import { readText, readTimeOf } from '../../../questions/read-text.ts';
import type { Read } from '../../../questions/reading.ts';

/** A parameter that may be given once, and how it is read. */
function once(read: Read<string>) {
  return z.string('must be given once').transform((value, context) => {
    const reading = read([value], { now: new Date() });
    if ('value' in reading) return reading.value;
    context.addIssue(reading.fault);
    return z.NEVER;
  });
}

/** A text that SQLite can hold and compare: not empty, no NUL, no lone surrogates. */
export const text = once(readText);

/** A time as ISO text with milliseconds. */
export const time = once(readTimeOf);

/** A whole number as text. */
export function wholeNumber(min: number, max: number) {
  return z.string('must be given once').transform((value, context) => {
    const number = Number(value);
    if (/^\d{1,16}$/.test(value) && number >= min && number <= max) return number;
    context.addIssue(`must be a whole number from ${min} to ${max}, not "${value.slice(0, 40)}"`);
    return z.NEVER;
  });
}

/** How many items a page has at most. */
export const limit = wholeNumber(1, 1000)
  .default(50)
  .openapi({ type: 'integer', minimum: 1, maximum: 1000, default: 50, description: 'Items a page.' });

export const cursor = z.string('must be given once').optional().openapi({
  description: 'The nextCursor of the page before; all other parameters must be as they were.',
});

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The form of a list: `format` wins over the Accept header. */
export const listForm = {
  format: z.enum(['json', 'csv', 'ndjson']).optional().openapi({
    description: 'The form of the answer; wins over the Accept header. CSV and NDJSON have all items, without pages.',
  }),
  csv: z.enum(['safe', 'raw']).default('safe').openapi({
    description:
      'In CSV, `safe` puts an apostrophe before text that a spreadsheet would run as a formula, also inside a cell, at a semicolon or a tab, where some spreadsheets would begin a new cell; `raw` does not.',
  }),
  for: z.enum(['spreadsheet'], 'must be spreadsheet').optional().openapi({
    description:
      'In CSV, `spreadsheet` writes for people: with a byte order mark; what would be taken for a number or a date (an account, 1e5, 2026-03) as a formula of that text; control characters as pictures (␀); cells of at most 32,767 characters, with a mark if one is cut. Not for programs.',
  }),
};

/**
 * Only checks that each value is a text. readFilter judges the value: it can ask the archive for near values to
 * propose.
 */
const readEach: Read<unknown> = (typed, context) =>
  typed.map((text) => readText([text], context)).find((reading) => 'fault' in reading) ?? { value: typed };

/** A filter of the list of members. Here its value is only checked and stays as it was typed: readFilter reads it. */
function parameterOf(name: FilterName) {
  const { about, example, many, read, asksArchive } = FILTERS[name];
  const readHere: Read<unknown> = asksArchive ? readEach : read;
  const check = (typed: string | string[], context: z.RefinementCtx) => {
    const reading = readHere([typed].flat(), { now: new Date() });
    if ('fault' in reading) context.addIssue(reading.fault);
  };
  const form = many ? z.union([z.string(), z.array(z.string())]) : z.string('must be given once');
  const typed: z.ZodType<string | string[]> = form.superRefine(check);
  return typed
    .transform((value) => [value].flat().join(','))
    .optional()
    .openapi(
      many
        ? { type: 'array', items: { type: 'string' }, description: about, example: example.split(',') }
        : { type: 'string', description: about, example },
    );
}

/** The filters of invocations. */
export const filterParameters = recordOf(FILTER_NAMES, parameterOf);

/** A past time at which to answer. */
export const asOf = time.optional().openapi({
  type: 'string',
  description: 'The states as the archive knew them at that time, instead of the present ones.',
  example: '2026-03-15T12:00:00Z',
});
