import { z } from '@hono/zod-openapi';
import type { CommandRevision } from '../../../archive/commands/command-states.ts';
import type { CommandView } from '../../../archive/commands/command-view.ts';
import type { SenderView } from '../../../archive/commands/get-sender.ts';
import type { ShownCommand } from '../../../archive/commands/shown-command.ts';
import { COMMAND_MEMBERS } from '../../../model/members.ts';
import { at, memberShape } from '../member-shape.ts';
import { fieldChangeSchema, nullableText, statusCounts } from './view-schemas.ts';

const shownCommand = {
  ...memberShape(COMMAND_MEMBERS, {
    status: {
      description: 'What the service said about the command itself; null if the service never listed the command.',
      example: 'Success',
    },
    statusDetails: { example: 'NoInstancesInTag' },
    targetCount: { description: 'How many targets the service counted for the command.' },
    parameters: { description: 'What the document was run with, each a list of texts. A script is in `commands`.' },
    targets: { description: 'How the nodes were chosen: by tags, resource groups or ids.' },
    instanceIds: { description: 'The nodes that the command named one by one.' },
  }),
  otherMembers: z.record(z.string(), z.unknown()).nullable().openapi({
    description:
      'What the service sent besides: members that this version does not know, and values that are not of the expected type, by their AWS names.',
  }),
} satisfies Record<keyof ShownCommand, z.ZodType>;

export const commandRevisionSchema = z
  .object({
    seq: z.int(),
    leaf: z.int().openapi({ description: 'Its leaf in the ledger, for /v1/ledger/proof: seq minus one.' }),
    observedAt: at,
    seenIn: z.enum(['ListCommands', 'ListCommandInvocations']).openapi({
      description: 'The operation that showed it. ListCommandInvocations shows only a few members of a command.',
    }),
    state: z.object(shownCommand),
    changes: z.array(fieldChangeSchema).nullable().openapi({ description: 'Null for the first state.' }),
  } satisfies Record<keyof CommandRevision, z.ZodType>)
  .openapi('CommandRevision');

const senderSchema = z
  .object({
    eventAt: at,
    principalType: nullableText,
    principalArn: nullableText,
    invokedBy: nullableText,
    sourceIpAddress: nullableText,
    userAgent: nullableText,
  } satisfies Record<keyof SenderView, z.ZodType>)
  .openapi('Sender');

export const commandSchema = z
  .object({
    accountId: z.string(),
    region: z.string(),
    commandId: z.string(),
    ...shownCommand,
    isListed: z.boolean().openapi({
      description: 'Whether ListCommands has shown the command. If not, only what its invocations show is known.',
    }),
    firstSeenAt: at,
    lastRequestedAt: at.nullable(),
    changedAt: at.nullable(),
    invocations: z.int(),
    missingInvocations: z.int().nullable().openapi({
      description:
        'How many invocations the archive never saw of those that targetCount counts; null while the command runs, and if targetCount is not known. A command that was cancelled or ended at its MaxErrors never reaches the rest of its targets. Pruned invocations are not missing.',
    }),
    byStatus: statusCounts,
    sender: senderSchema.nullable().openapi({
      description: 'Who sent the command; null if no event of CloudTrail was imported for it. With asOf: as known now.',
    }),
  } satisfies Record<keyof CommandView, z.ZodType>)
  .openapi('Command');

export const commandDetailSchema = commandSchema
  .extend({
    startedAt: at.nullable(),
    finishedAt: at.nullable(),
    byStatusDetails: statusCounts,
    steps: z.array(
      z.object({
        position: z.int(),
        name: nullableText,
        nodes: z.int(),
        skippedNodes: z
          .int()
          .openapi({ description: 'How many of these nodes skipped the step. Such nodes print nothing.' }),
        distinctOutputs: z.int(),
        outlierCount: z.int(),
        commonOutput: z.object({ sha256: z.string(), output: z.string(), nodes: z.int() }).nullable(),
      }),
    ),
    outliers: z
      .array(
        z.object({
          position: z.int(),
          name: nullableText,
          instanceId: z.string(),
          instanceName: nullableText,
          status: nullableText,
          statusDetails: nullableText,
          responseCode: z.int().nullable(),
          outputSha256: nullableText,
        }),
      )
      .openapi({ description: 'The first 1,000 nodes where the output of a step differs from the most common one.' }),
  })
  .openapi('CommandDetail');
