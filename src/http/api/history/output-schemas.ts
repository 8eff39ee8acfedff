import { z } from '@hono/zod-openapi';
import type { FullOutput } from '../../../archive/outputs/list-full-outputs.ts';
import type { UnfetchedOutput } from '../../../archive/outputs/list-unfetched.ts';
import { type Fetching, sayUnfetched } from '../../../archive/outputs/say-unfetched.ts';
import { PROVENANCES, STREAMS } from '../../../model/outputs/full-output.ts';
import { OUTPUT_ENCODINGS } from '../../../model/outputs/output-encoding.ts';
import { at } from '../member-shape.ts';
import { invocationSchema } from './view-schemas.ts';

const position = z.int().openapi({ description: 'The step: the `position` of one of `plugins`.' });
const provenance = z.enum(PROVENANCES).openapi({
  description: '`get`: GetCommandInvocation; `logs`: CloudWatch Logs; `s3`: S3.',
});

const fullOutputSchema = z
  .object({
    position,
    name: z.string().nullable().openapi({ description: 'The name of the step when it was fetched.' }),
    stream: z.enum(STREAMS),
    provenance,
    location: z
      .record(z.string(), z.string())
      .nullable()
      .openapi({
        description: 'Where it lay: bucket and key, or log group and stream; null for `get`.',
        example: { bucket: 'acme-ssm-output', key: 'runs/11111111/i-0123456789abcdef0/stdout' },
      }),
    fetchedAt: at,
    encoding: z.enum(OUTPUT_ENCODINGS).openapi({
      description: 'What its bytes were. With `latin1` each byte is the character with its number.',
    }),
    sizeBytes: z.int().openapi({ description: 'The bytes that were kept.' }),
    totalBytes: z
      .int()
      .nullable()
      .openapi({ description: 'The bytes that there were; null if the place did not say.' }),
    cutBy: z.enum(['service', 'limit']).nullable().openapi({
      description:
        'Why it is not whole: the service had no more, or SSM_ARCHIVE_OUTPUT_MAX_BYTES was reached; null if it is whole.',
    }),
    isPruned: z.boolean().openapi({ description: 'Whether its text was kept at first and removed later.' }),
    leaf: z.int().openapi({ description: 'Its leaf in the ledger, for /v1/ledger/proof.' }),
  })
  .openapi('FullOutput');

const unfetchedOutputSchema = z
  .object({
    position,
    provenance,
    state: z.enum(['queued', 'givenUp']),
    tries: z.int(),
    gaveUpAt: at.nullable(),
    reason: z.string().openapi({ example: 'Queued: a pass will ask S3 for it.' }),
  })
  .openapi('UnfetchedOutput');

/** The schema of one invocation in full: with what was fetched of its steps, and what is not fetched. */
export const wholeInvocationSchema = z
  .object({
    ...invocationSchema.shape,
    fullOutputs: z.array(fullOutputSchema).openapi({
      description:
        'What was fetched of steps whose output was cut: by step, stdout before stderr, and the longest first. /v1/invocations/…/steps/{position}/outputs/{stream} has the texts.',
    }),
    unfetchedOutputs: z.array(unfetchedOutputSchema).openapi({
      description: 'The places that are still to be asked, or that were given up. Empty with asOf: it is not known.',
    }),
  })
  .openapi('WholeInvocation');

/** Returns a fetched output as REST shows it. */
export function fullOutputOf({ seq, outputId, locationJson, ...facts }: FullOutput) {
  const location: unknown = locationJson === null ? null : JSON.parse(locationJson);
  return { ...facts, location, isPruned: outputId === null, leaf: seq - 1 };
}

/** Returns a place that was not read as REST shows it. */
export function unfetchedOutputOf(unfetched: UnfetchedOutput, fetching: Fetching | undefined) {
  const { position: step, provenance: place, tries, gaveUpAt } = unfetched;
  return {
    ...{ position: step, provenance: place, state: gaveUpAt === null ? 'queued' : 'givenUp', tries, gaveUpAt },
    reason: sayUnfetched(unfetched, fetching),
  };
}
