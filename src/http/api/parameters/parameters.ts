import { z } from '@hono/zod-openapi';
import { recordOf } from '../../../lib/json/record-of.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../../questions/filters.ts';
import { readText, readTimeOf } from '../../../questions/read-text.ts';
import type { Read } from '../../../questions/reading.ts';

/** A parameter that may be given only once, with the function that reads it. */
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

/** A whole number, written as text. */
export function wholeNumber(min: number, max: number) {
  return z.string('must be given once').transform((value, context) => {
    const number = Number(value);
    if (/^\d{1,16}$/.test(value) && number >= min && number <= max) return number;
    context.addIssue(`must be a whole number from ${min} to ${max}, not "${value.slice(0, 40)}"`);
    return z.NEVER;
  });
}

/** The highest number of items in a page. */
export const limit = wholeNumber(1, 1000)
  .default(50)
  .openapi({ type: 'integer', minimum: 1, maximum: 1000, default: 50, description: 'Items a page.' });

export const cursor = z.string('must be given once').optional().openapi({
  description: 'The nextCursor of the previous page. All other parameters must be the same as for that page.',
});

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The form of a list: `format` overrides the Accept header. */
export const listForm = {
  format: z.enum(['json', 'csv', 'ndjson']).optional().openapi({
    description: 'The form of the answer; overrides the Accept header. CSV and NDJSON have all items, without pages.',
  }),
  csv: z.enum(['safe', 'raw']).default('safe').openapi({
    description:
      'In CSV, `safe` puts an apostrophe before text that a spreadsheet would run as a formula. It does so inside cells too, after a semicolon or a tab, where some spreadsheets begin a new cell. `raw` adds nothing.',
  }),
  for: z.enum(['spreadsheet'], 'must be spreadsheet').optional().openapi({
    description:
      '`spreadsheet` makes CSV for people, not for programs. It begins with a byte order mark. Text that a spreadsheet would take for a number or a date (an account, 1e5, 2026-03) becomes a formula with that text. Control characters become pictures (␀). A cell has at most 32,767 characters, and a mark if it is cut.',
  }),
};

/**
 * Only checks that each value is a text. readFilter checks the rest, because it can ask the archive for similar values
 * to propose.
 */
const readEach: Read<unknown> = (typed, context) =>
  typed.map((text) => readText([text], context)).find((reading) => 'fault' in reading) ?? { value: typed };

/** The parameter of one filter. Here its value is only checked, and stays as it was typed; readFilter reads it. */
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
  description: 'A time in the past: the answer has the states that the archive knew then, instead of the present ones.',
  example: '2026-03-15T12:00:00Z',
});
