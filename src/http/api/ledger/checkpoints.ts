import { createRoute, z } from '@hono/zod-openapi';
import { cosignedNote } from '../../../archive/checkpoints/cosigned-note.ts';
import { listCheckpoints } from '../../../archive/checkpoints/list-checkpoints.ts';
import { newestCheckpoint } from '../../../archive/checkpoints/make-checkpoint.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import { respondBytes } from '../answers/respond-bytes.ts';
import { listFormOf, respondPage } from '../answers/respond-list.ts';
import { respondPages } from '../answers/respond-pages.ts';
import { bytesResponse, listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../api-deps.ts';
import { NotFound } from '../api-error.ts';
import { cursor, limit, listForm } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';

const NOTE =
  'ssm-archive/5f0c9d1e2a3b4c5d\n1204\nz5Zu8Yk0p3l4m1q2r3s4t5u6v7w8x9y0A1B2C3D4E5E=\n\n— ssm-archive/5f0c9d1e2a3b4c5d Qm9…\n';

const checkpointSchema = z
  .object({
    size: z.int().openapi({ description: 'How many leaves the ledger had.', example: 1204 }),
    madeAt: z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' }),
    note: z.string().openapi({ description: 'In the form of https://c2sp.org/tlog-checkpoint.', example: NOTE }),
  })
  .openapi('Checkpoint');

const newestRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/checkpoint',
  operationId: 'getCheckpoint',
  tags: ['Ledger'],
  summary: 'The newest checkpoint: the signed size and root of the ledger',
  description:
    'A signed note in the form of https://c2sp.org/tlog-checkpoint. One is made after each pass. The archive’s own signature comes first, and those of its witnesses follow.',
  request: { query: z.strictObject({}) },
  responses: {
    200: bytesResponse('text/plain', NOTE, 'The checkpoint: origin, size, root, an empty line, and signatures.'),
    ...problems(400, 401, 403, 404),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/checkpoints',
  operationId: 'listCheckpoints',
  tags: ['Ledger'],
  summary: 'All checkpoints, the newest first',
  request: { query: z.strictObject({ limit, cursor, ...listForm }) },
  responses: { 200: listResponse(checkpointSchema), ...problems(400, 401, 403) },
});

/** `GET` routes for the checkpoints of the ledger that the archive has signed. */
export function addCheckpointRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(newestRoute, (c) => {
    const newest = newestCheckpoint(deps.archive);
    if (!newest) throw new NotFound('There is no checkpoint yet: the first one is made after the first pass.');
    return respondBytes(c, cosignedNote(deps.archive, newest), { type: 'text/plain; charset=utf-8' });
  });

  app.openapi(listRoute, (c) => {
    const { limit: size, cursor: given, format: wanted, csv, for: reader } = c.req.valid('query');
    const read = (most: number, before: number | undefined) => listCheckpoints(deps.archive, { limit: most, before });
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      const columns = Object.keys(checkpointSchema.shape);
      return respondPages(c, { name: 'checkpoints', format, now: deps.now(), csvForm, columns, read });
    }
    const question = ['checkpoints'];
    const { items, next } = read(size, readCursor(question, given, z.int()));
    return respondPage(c, { items, nextCursor: next === undefined ? undefined : encodeCursor(question, next) });
  });
}
