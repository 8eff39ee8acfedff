import { z } from '@hono/zod-openapi';
import type { InvocationView, PluginView } from '../../../archive/invocations/invocation-view.ts';
import { INVOCATION_MEMBERS, STEP_MEMBERS } from '../../../model/members.ts';
import { at, memberShape } from '../member-shape.ts';

export const nullableText = z.string().nullable();
export const statusCounts = z.record(z.string(), z.int()).openapi({ example: { Success: 98, Failed: 2 } });

/** A step has these values, derived from its output, instead of the member `output` itself. */
const workedOut = {
  durationMs: z.int().nullable().openapi({ example: 500 }),
  outputSha256: nullableText,
  outputSizeBytes: z.int().nullable(),
  isOutputTruncated: z.boolean().nullable(),
};

export const pluginSchema = z
  .object({
    position: z.int(),
    ...memberShape(
      STEP_MEMBERS,
      {
        name: { example: 'aws:runShellScript' },
        status: { example: 'Success' },
        statusDetails: { example: 'Success' },
        responseCode: { example: 0 },
      },
      workedOut,
    ),
    isOutputPruned: z.boolean().openapi({ description: 'Whether the output was kept at first and removed later.' }),
    isSkipped: z.boolean().nullable().openapi({
      description:
        'Whether the agent skipped the step, which the service shows as Success with response code 0. The archive learns this from the output; null if the output was pruned before that.',
    }),
    output: nullableText
      .optional()
      .openapi({ description: 'Only with include=outputs; null if the service sent no output.' }),
  } satisfies Record<keyof PluginView, z.ZodType>)
  .openapi('Plugin');

/** The schema of an InvocationView. */
export const invocationSchema = z
  .object({
    accountId: z.string().openapi({ example: '111122223333' }),
    region: z.string().openapi({ example: 'eu-west-1' }),
    commandId: z.string().openapi({ example: '11111111-2222-4333-8444-555555555555' }),
    instanceId: z.string().openapi({ example: 'i-0123456789abcdef0' }),
    ...memberShape(INVOCATION_MEMBERS, {
      instanceName: { example: 'web-1' },
      documentName: { example: 'AWS-RunShellScript' },
      status: { example: 'Success' },
      statusDetails: { example: 'Success' },
      notificationEvents: { example: ['Failed'] },
    }),
    firstSeenAt: at,
    changedAt: at,
    plugins: z.array(pluginSchema).optional().openapi({ description: 'With include=plugins.' }),
  } satisfies Record<keyof InvocationView, z.ZodType>)
  .openapi('Invocation');

export const fieldChangeSchema = z
  .object({ path: z.string().openapi({ example: 'plugins[0].responseCode' }), left: z.unknown(), right: z.unknown() })
  .openapi('FieldChange');

export const revisionSchema = z
  .object({
    seq: z.int(),
    leaf: z
      .int()
      .openapi({ description: 'The leaf of this state in the ledger, for /v1/ledger/proof: seq minus one.' }),
    observedAt: at,
    state: invocationSchema,
    changes: z.array(fieldChangeSchema).nullable().openapi({ description: 'Null for the first state.' }),
  })
  .openapi('Revision');

const lastRequestedOn = z.iso.date().nullable().openapi({
  description: 'The last day (UTC), in sealed days too; null if no time is known.',
  example: '2026-03-01',
});

export const instanceSchema = z
  .object({
    accountId: z.string(),
    region: z.string(),
    instanceId: z.string(),
    instanceName: nullableText,
    firstRequestedAt: at.nullable(),
    lastRequestedOn,
    lastRequestedAt: at.nullable().openapi({ description: 'Of the rows that are not sealed.' }),
    invocations: z.int(),
    byStatus: statusCounts,
  })
  .openapi('Instance');

export const instanceDetailSchema = instanceSchema
  .extend({
    names: z.array(z.string()).openapi({ description: 'All names that the node has had, the newest first.' }),
    documents: z.array(z.object({ documentName: nullableText, invocations: z.int(), lastRequestedAt: at.nullable() })),
    items: z.array(invocationSchema),
    nextCursor: z.string().optional(),
  })
  .openapi('InstanceDetail');

export const documentSchema = z
  .object({
    documentName: z.string(),
    firstRequestedOn: z.iso.date().nullable().openapi({ example: '2026-03-01' }),
    lastRequestedOn,
    lastRequestedAt: at.nullable().openapi({ description: 'Of the rows that are not sealed.' }),
    invocations: z.int(),
    byStatus: statusCounts,
  })
  .openapi('Document');

const keySchema = z.object({
  accountId: z.string(),
  region: z.string(),
  commandId: z.string(),
  instanceId: z.string(),
});
export const comparisonSchema = z
  .object({
    left: keySchema,
    right: keySchema,
    fields: z.array(fieldChangeSchema),
    outputs: z.array(
      z.object({
        position: z.int(),
        name: nullableText,
        isSame: z.boolean(),
        hunks: z
          .array(
            z.object({
              leftStart: z.int(),
              leftLines: z.int(),
              rightStart: z.int(),
              rightLines: z.int(),
              lines: z.array(z.string()).openapi({ example: [' same', '-old', '+new'] }),
            }),
          )
          .openapi({
            description:
              'The differing lines. Text in UTF-16 is decoded first: if only the encoding differs, the list is empty, but isSame is false.',
          }),
        isCut: z.boolean().openapi({
          description: 'Whether too much differs for a comparison line by line. Everything is then shown as replaced.',
        }),
      }),
    ),
  })
  .openapi('Comparison');
