import { z } from '@hono/zod-openapi';
import { parseSearch, SearchInvalid } from '../../lib/parse-search.ts';
import { parseTime } from '../../lib/parse-time.ts';

const MOST_CHARACTERS = 2000;
const MOST_STATUSES = 20;

/** A text that SQLite can hold and compare: not empty, without NUL, well-formed. */
export const text = z
  .string('must be given once')
  .min(1, 'must not be empty')
  .max(MOST_CHARACTERS, `must have at most ${MOST_CHARACTERS} characters`)
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be text without NUL or lone surrogates');

/** A time as ISO text with milliseconds. */
export const time = z.string('must be given once').transform((value, context) => {
  const parsed = parseTime(value);
  if (parsed !== undefined) return parsed;
  const hint = /\d \d{2}:\d{2}$/.test(value) ? ' (a + in a URL is written %2B)' : '';
  context.addIssue(
    `must be a date such as 2026-03-01, or a time with its zone such as 2026-03-01T09:30:00Z, not "${value.slice(0, 40)}"${hint}`,
  );
  return z.NEVER;
});

/** Several values: the parameter repeated, or separated by commas. */
export const statuses = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value).flatMap((part) => part.split(',')))
  .pipe(z.array(text).max(MOST_STATUSES, `must have at most ${MOST_STATUSES} values`))
  .openapi({
    type: 'array',
    items: { type: 'string' },
    description: 'Any of these as Status or StatusDetails; separated by commas, or the parameter repeated.',
    example: ['Failed', 'TimedOut'],
  });

/** `0` is that code, `!0` any other, `>0` and `<0` beyond it. */
export const responseCode = z
  .string('must be given once')
  .transform((value, context) => {
    const match = /^(!|>|<)?(-?\d{1,10})$/.exec(value);
    if (match) {
      const operator = match[1] === '!' ? '<>' : match[1] === '>' ? '>' : match[1] === '<' ? '<' : '=';
      return { operator, code: Number(match[2]) } as const;
    }
    context.addIssue(`must be a code such as 0, or !0, >0 or <0, not "${value.slice(0, 40)}"`);
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    description: "A step's ResponseCode: `0`, `!0`, `>0`, `<0`, or any other number.",
    example: '!0',
  });

/** What a person types to search for, as an FTS5 expression. */
const search = text.transform((value, context) => {
  try {
    return parseSearch(value);
  } catch (error) {
    if (!(error instanceof SearchInvalid)) throw error;
    context.addIssue(`${error.message} (at character ${error.position + 1})`);
    return z.NEVER;
  }
});

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
  description: 'The nextCursor of the page before; all other parameters as they were.',
});

/** `true` or `false`. */
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** The form of a list: `format` wins over the Accept header. */
export const listForm = {
  format: z.enum(['json', 'csv', 'ndjson'], 'must be json, csv or ndjson').optional().openapi({
    description: 'The form of the reply, in place of the Accept header. CSV and NDJSON have all items, without pages.',
  }),
  csv: z.enum(['safe', 'raw'], 'must be safe or raw').default('safe').openapi({
    description:
      'In CSV, `safe` puts an apostrophe before what a spreadsheet would run as a formula, in the midst of a cell too where one that splits at a semicolon or a tab would begin another; `raw` leaves it.',
  }),
};

/** What an invocation is found by; see InvocationFilter. */
export const filterParameters = {
  account: text.optional().openapi({ description: 'AWS account, 12 digits.', example: '111122223333' }),
  region: text.optional().openapi({ description: 'AWS region.', example: 'eu-west-1' }),
  commandId: text.optional().openapi({ description: 'CommandId.', example: '11111111-2222-4333-8444-555555555555' }),
  instanceId: text.optional().openapi({ description: 'InstanceId.', example: 'i-0123456789abcdef0' }),
  instanceName: text.optional().openapi({ description: 'The beginning of InstanceName.', example: 'web-' }),
  documentName: text.optional().openapi({ description: 'DocumentName.', example: 'AWS-RunShellScript' }),
  status: statuses.optional(),
  pluginName: text.optional().openapi({
    description: 'Name of a step. With responseCode and q, all of them hold for one and the same step.',
    example: 'aws:runShellScript',
  }),
  responseCode: responseCode.optional(),
  comment: text.optional().openapi({ description: 'Contained in Comment, upper and lower case distinguished.' }),
  requestedAfter: time
    .optional()
    .openapi({ type: 'string', description: 'Requested at that time or later.', example: '2026-03-01' }),
  requestedBefore: time
    .optional()
    .openapi({ type: 'string', description: 'Requested before that time.', example: '2026-04-01T00:00:00Z' }),
  changedAfter: time
    .optional()
    .openapi({ type: 'string', description: 'Seen in its present state at that time or later.' }),
  q: search.optional().openapi({
    type: 'string',
    description: 'Words in an output: `disk full`, `"no space left"`, `nospc*`, AND, OR, NOT and parentheses.',
    example: '"no space left" OR nospc*',
  }),
};
