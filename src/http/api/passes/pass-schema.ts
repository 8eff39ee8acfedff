import { z } from '@hono/zod-openapi';
import { byCounter } from '../../../model/coverage/counters.ts';
import { OUTCOMES } from '../../../model/coverage/outcomes.ts';

const state = z.enum(OUTCOMES);
const count = z.int().min(0);

const passSource = z
  .object({
    alias: z.string().openapi({ example: 'production' }),
    accountId: z
      .string()
      .nullable()
      .openapi({ example: '111122223333', description: 'Null until STS has returned it.' }),
    region: z.string().openapi({ example: 'eu-west-1' }),
    outcome: state,
    error: z.string().nullable().openapi({ description: 'A sentence on why the source could not be collected.' }),
    ...byCounter(() => count),
    partsPlanned: count.openapi({ description: 'How many listings the pass will make, as far as is known now.' }),
    partsEnded: count,
    startedAt: z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' }),
  })
  .openapi('PassSource');

/** The schema of a PassView. */
export const passSchema = z
  .object({
    id: z.string().openapi({ example: '0b7d9a52-6d0c-4f4e-9a0f-5a0b7a1c2d3e' }),
    state,
    runId: z
      .int()
      .nullable()
      .openapi({ example: 17, description: 'The number of the pass in /v1/runs; null until it has one.' }),
    startedAt: z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' }),
    finishedAt: z.iso.datetime().nullable().openapi({ example: null }),
    error: z.string().nullable().openapi({ description: 'A sentence on why the pass as a whole failed.' }),
    trigger: z.enum(['schedule', 'start', 'api', 'elsewhere']).openapi({
      example: 'api',
      description: 'What started the pass; "elsewhere" means another process on the same archive.',
    }),
    sources: z.array(passSource),
  })
  .openapi('Pass');
