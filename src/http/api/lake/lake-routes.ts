import { createRoute, z } from '@hono/zod-openapi';
import type { LakeAlone } from '../../../archive/lake-alone/lake-alone.ts';
import { jsonResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { InvalidRequest } from '../api-error.ts';

const nullableText = z.string().nullable();
const at = z.iso.datetime();
const span = z.object({ from: z.string(), to: z.string() });
const days = z.array(z.iso.date());

const archiveSchema = z
  .object({
    archive: z.int().openapi({ description: "The archive's number." }),
    origin: nullableText.openapi({ description: "The name of the key that signed the archive's ledger at first." }),
    isPinned: z.boolean().openapi({ description: 'Whether a key is pinned, as verify.keys in archive.yaml.' }),
    sealedTo: z.iso
      .date()
      .nullable()
      .openapi({ description: 'The day (UTC) before which it has sealed; null if none.' }),
    days: z.int().openapi({ description: 'Sealed days whose manifest is proved.' }),
    unsignedDays: z.int().openapi({
      description:
        'Of these, the days that rest on a root which no pinned key has signed: nothing proves whose they are.',
    }),
    prunedDays: days,
    unreadableDays: z.array(z.object({ day: z.iso.date(), why: z.string() })),
  })
  .openapi('ArchiveInLake');

const lakeSchema = z
  .object({
    listedAt: at.openapi({ description: 'When the lake was listed last.' }),
    archives: z.array(archiveSchema),
    places: z.array(
      z.object({ accountId: z.string(), region: z.string(), archive: z.int(), state: z.enum(['claimed', 'released']) }),
    ),
  })
  .openapi('Lake');

const placeSchema = z
  .object({
    ...{ archive: z.int(), accountId: nullableText, region: nullableText, alias: z.string().optional() },
    ...{ from: at, to: at, isComplete: z.boolean(), gaps: z.array(span), edges: z.array(span) },
    forgottenCommands: z.array(z.string()),
    unknownDays: days.openapi({
      description:
        'Days of which the lake has no manifest with this place: only the archive knows whether something ran then, and was collected.',
    }),
    prunedDays: days.openapi({ description: 'Days that were pruned: what ran then is gone.' }),
  })
  .openapi('PlaceInLake');

const lakeRoute = createRoute({
  method: 'get',
  path: '/v1/lake',
  operationId: 'readLake',
  tags: ['Lake'],
  summary: 'The archives of the lake, and up to which day each has sealed',
  responses: { 200: jsonResponse(lakeSchema, 'The lake.'), ...problems(401, 403) },
});

const time = z.iso.datetime({ offset: true }).optional();

const coverageRoute = createRoute({
  method: 'get',
  path: '/v1/coverage',
  operationId: 'readLakeCoverage',
  tags: ['Lake'],
  summary: 'What manifests say of each account and region: what was collected, up to the last sealed day',
  description:
    'isComplete is true only if both ends of the span are given, the archive has sealed all of its days, and each manifest says that everything was collected.',
  request: {
    query: z.strictObject({ account: z.string().optional(), region: z.string().optional(), from: time, to: time }),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(placeSchema) }), 'The places.'),
    ...problems(400, 401, 403),
  },
});

/** `GET /v1/lake` and `GET /v1/coverage` of a server over a lake alone. */
export function addLakeRoutes(app: ApiApp, lake: Pick<LakeAlone, 'describe' | 'coverage'>): void {
  app.openapi(lakeRoute, (c) => c.json(lake.describe()));

  app.openapi(coverageRoute, (c) => {
    const { account: accountId, region, from, to } = c.req.valid('query');
    const asked = {
      ...{ accountId, region },
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
    };
    if (asked.from !== undefined && asked.to !== undefined && asked.from >= asked.to)
      throw new InvalidRequest([{ field: 'to', message: 'must be later than from' }]);
    const items = lake.coverage(asked);
    c.set('rows', items.length);
    return c.json({ items });
  });
}
