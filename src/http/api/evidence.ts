import { createRoute, z } from '@hono/zod-openapi';
import { saySpan } from '../../archive/coverage/say-span.ts';
import { EvidenceEmpty } from '../../archive/evidence/evidence-empty.ts';
import { membersToRedact } from '../../ledger/entries/members-to-redact.ts';
import { REDACTABLE_MEMBERS } from '../../ledger/entries/redactable-members.ts';
import { problems } from './answers/responses.ts';
import type { ApiApp } from './api-app.ts';
import { type ApiDeps, readOptions } from './api-deps.ts';
import { InvalidRequest } from './api-error.ts';
import { filterParameters, flag } from './parameters/parameters.ts';
import { readFilter } from './parameters/read-filter.ts';

const redact = z
  .string()
  .transform((list, context) => {
    // A form sends this value if nothing is chosen.
    if (list === '') return [];
    const members = membersToRedact(list);
    if (typeof members !== 'string') return members;
    context.addIssue(members);
    return z.NEVER;
  })
  .optional()
  .openapi({
    type: 'string',
    description: `Members that are left out and stay provable by their commitments, with a comma between them: ${REDACTABLE_MEMBERS.join(', ')}; or all.`,
    example: 'Output,Parameters',
  });

const evidenceRoute = createRoute({
  method: 'get',
  path: '/v1/evidence',
  operationId: 'makeEvidence',
  tags: ['Ledger'],
  summary: 'An evidence pack: what ran in a span, with proofs that anyone can check',
  description:
    'A zip of invocations, every observed state with its proof of inclusion, outputs, what was run and who sent it, a signed certificate of coverage, the checkpoint, ' +
    'and VERIFY.md. It is made during the request, one pack at a time. Making it signs the ledger.',
  request: {
    query: z.strictObject({
      ...filterParameters,
      withoutOutputs: flag.optional().openapi({
        type: 'boolean',
        description: 'Leaves out the texts of outputs; the states have the SHA-256 of each.',
      }),
      redact,
      allowEmpty: flag.optional().openapi({
        type: 'boolean',
        description:
          'Makes the pack even if the archive has nothing of what is asked for; a command without invocations is something. Such a pack proves an absence only if coverage is complete. Without this parameter the answer is 404.',
      }),
      allowUnseen: flag.optional().openapi({
        type: 'boolean',
        description:
          'Makes the pack even if the archive has never seen some of the values, such as a document; the pack says so. Without this parameter the answer is 404, and neverSeen has these values and similar ones from the archive. An empty pack needs allowEmpty too.',
      }),
    }),
  },
  responses: {
    200: {
      description: 'The pack.',
      content: {
        'application/zip': { schema: z.string().openapi({ format: 'binary', example: 'PK…' }) },
      },
    },
    ...problems(400, 401, 403, 404, 429, 504),
  },
});

/** `GET /v1/evidence`. */
export function addEvidenceRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(evidenceRoute, async (c) => {
    const {
      withoutOutputs = false,
      redact: redacted = [],
      allowEmpty = false,
      allowUnseen = false,
      ...asked
    } = c.req.valid('query');
    const filter = readFilter(asked, deps);
    const { requestedAfter: from, requestedBefore: to } = filter;
    const missing = [!from && 'requestedAfter', !to && 'requestedBefore'].filter((name) => name !== false);
    if (missing.length > 0 || !from || !to)
      throw new InvalidRequest(
        missing.map((field) => ({
          field: field || 'query',
          message: 'is needed, because an evidence pack is about a span',
        })),
      );
    const question = {
      ...{ filter, withoutOutputs },
      ...(redacted.length > 0 && { redacted }),
      ...(allowEmpty && { allowEmpty }),
      ...(allowUnseen && { allowUnseen }),
    };
    const made = deps.makeEvidence(question, readOptions(c, deps.exportDeadlineMs));
    const { body, sizeBytes, invocations } = await made.catch(async (error: unknown) => {
      if (!(error instanceof EvidenceEmpty)) throw error;
      const { coverage } = await deps.readers.read(
        'explainEmpty',
        { filter, configured: deps.configured, settlingMs: deps.settlingMs, nowMs: deps.now().getTime() },
        readOptions(c, deps.readDeadlineMs),
      );
      throw new EvidenceEmpty(error.of, [saySpan(coverage, filter, '/v1/coverage')]);
    });
    c.set('rows', invocations);
    return c.body(body, 200, {
      'content-type': 'application/zip',
      'content-length': String(sizeBytes),
      'content-disposition': `attachment; filename="evidence-${from.slice(0, 10)}-to-${to.slice(0, 10)}.zip"`,
      'cache-control': 'no-store',
    });
  });
}
