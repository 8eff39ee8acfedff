import { z } from '@hono/zod-openapi';

/** An RFC 9457 problem. Every route of the API reports errors in this form, as `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string().openapi({ example: 'Bad request' }),
    status: z.int().openapi({ example: 400 }),
    detail: z.string().openapi({ example: 'The request has faults; see errors.' }),
    errors: z
      .array(
        z.object({
          field: z.string().openapi({ example: 'limit' }),
          message: z.string().openapi({ example: 'must be a whole number from 1 to 1000' }),
          position: z.object({ offset: z.int(), line: z.int(), column: z.int() }).optional().openapi({
            description: 'For SQL: where in the query the fault is. Lines, columns and offsets count from 1.',
          }),
        }),
      )
      .optional()
      .openapi({ description: 'For bad input: each field that is wrong, and what was expected.' }),
    neverSeen: z
      .array(z.object({ filter: z.string(), value: z.string(), near: z.array(z.string()) }))
      .optional()
      .openapi({
        description:
          'For an evidence pack: each value that the archive has never seen, with its filter and similar values from the archive.',
      }),
    plan: z
      .array(z.string())
      .optional()
      .openapi({ description: 'For SQL that took too long: the lines of EXPLAIN QUERY PLAN.' }),
  })
  .openapi('Problem');
