import { z } from '@hono/zod-openapi';
import { FILE_FORMATS, MEDIA_TYPES } from '../../../lib/media-types.ts';
import { SQL_ENGINES } from '../../../questions/sql/sql-engine.ts';
import { jsonResponse } from '../answers/responses.ts';
import { wholeFromMember } from '../answers/whole-from-member.ts';
import { listForm, wholeNumber } from '../parameters/parameters.ts';
import { engineMembers } from './engine-members.ts';

/** How many rows an answer in JSON has by default. */
export const DEFAULT_ROWS = 1000;
export const LONGEST_MS = 86_400_000;

const cell = z.union([z.string(), z.number(), z.null()]);
const resultSchema = z
  .object({
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string().nullable().openapi({
          description: 'The declared type, or else the type of the first value; null if all values are NULL.',
        }),
      }),
    ),
    rows: z.array(z.array(cell)).openapi({
      description:
        'Values in the order of the columns. Integers have all of their digits, even above 2^53; a BLOB is hexadecimal.',
    }),
    rowCount: z.int(),
    truncated: z.boolean().openapi({
      description:
        'Whether rows are missing here, because there are more than `limit` allows or than the server sends.',
    }),
    elapsedMs: z.number(),
    ...engineMembers,
    ...wholeFromMember,
    neverSeen: z
      .array(z.object({ parameter: z.string(), filter: z.string(), value: z.string(), near: z.array(z.string()) }))
      .optional()
      .openapi({ description: 'For a report: the values of its parameters that the archive has never seen.' }),
    coverage: z
      .looseObject({
        from: z.string().nullable(),
        to: z.string().nullable(),
        state: z.enum(['complete', 'incomplete', 'notCollected']),
        coveredPart: z.number(),
      })
      .optional()
      .openapi({
        description:
          'For a report without rows: how much of its span is covered, in the same form as for an empty list.',
      }),
  })
  .openapi('SqlResult', {
    example: {
      columns: [
        { name: 'status', type: 'TEXT' },
        { name: 'n', type: 'INTEGER' },
      ],
      rows: [['Success', 1204]],
      ...{ engine: 'archive', rowCount: 1, truncated: false, elapsedMs: 3.2 },
    },
  });

const fileSchema = z.string().openapi({ format: 'binary' });

/** The answer to a query in its forms. */
export const sqlResponse = {
  ...jsonResponse(resultSchema, 'The rows as JSON, up to limit; or all rows as CSV, NDJSON, Parquet or Arrow.'),
  content: {
    'application/json': { schema: resultSchema },
    'text/csv': { schema: z.string(), example: 'status,n\r\nSuccess,1204\r\n' },
    'application/x-ndjson': { schema: z.string(), example: '{"status":"Success","n":1204}\n' },
    [MEDIA_TYPES.parquet]: { schema: fileSchema, example: 'PAR1…PAR1' },
    [MEDIA_TYPES.arrow]: { schema: fileSchema, example: 'ARROW1…ARROW1' },
  },
};

/** The form of an answer of SQL: `format` overrides the Accept header. */
export const sqlForm = {
  ...listForm,
  format: z
    .enum(['json', 'csv', 'ndjson', ...FILE_FORMATS])
    .optional()
    .openapi({
      description:
        "The form of the answer; overrides the Accept header. All but JSON have all rows. `arrow` is the file form of Arrow's IPC. A column of Parquet and Arrow has one type; docs/sql.md says which.",
    }),
};

/** The engine of a query, or of a report that is run by another one than it names. */
export const engineForm = {
  engine: z.enum(SQL_ENGINES).optional().openapi({
    description:
      "`archive`: SQLite, over the rows of the archive's file. `lake`: DuckDB, over sealed and all other days, in its own SQL; docs/sql.md has what differs.",
  }),
};

/** The parameters that limit the rows and the time of a query in a link. */
export const boundsForm = {
  limit: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(DEFAULT_ROWS).openapi({
    type: 'integer',
    minimum: 1,
    default: DEFAULT_ROWS,
    description: 'The highest number of rows in a JSON answer.',
  }),
  timeoutMs: wholeNumber(1, LONGEST_MS)
    .optional()
    .openapi({ type: 'integer', minimum: 1, description: 'A shorter deadline than that of the server.' }),
};
