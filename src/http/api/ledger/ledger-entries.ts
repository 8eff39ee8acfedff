import { createRoute, z } from '@hono/zod-openapi';
import { MOST_ENTRIES } from '../../../archive/checkpoints/read-ledger-entries.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { readEntriesWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import { listFormOf, respondPage } from '../answers/respond-list.ts';
import { respondPages } from '../answers/respond-pages.ts';
import { listResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { cursor, listForm, wholeNumber } from '../parameters/parameters.ts';
import { readCursor } from '../parameters/read-cursor.ts';

const entrySchema = z
  .object({
    leaf: z.int().openapi({ description: 'The number of the leaf, from 0.', example: 1203 }),
    seq: z.int().openapi({ description: 'The row of revisions or ledger_entries: leaf plus one.', example: 1204 }),
    kind: z.string().openapi({
      description:
        'revision, command, output, row, coverage, forgotten, remembered, key, witness, cosignature, checkpoint, pruned or ledger.',
    }),
    hash: z.string().openapi({
      description: 'The leaf’s hash in the tree, in hex: SHA-256 of a zero byte and the entry.',
      example: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    }),
    entry: z.string().nullable().openapi({
      description: 'The exact text of the entry, whose UTF-8 is hashed. Null if the entry was pruned.',
      example: '{"kind":"ledger","version":1}',
    }),
    tombstone: z.int().nullable().openapi({
      description: 'The leaf that says what was pruned, why and by whom; null if the entry was not pruned.',
    }),
    openings: z
      .array(
        z.object({
          salt: z.string().openapi({ description: '16 bytes in hex.', example: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }),
          value: z.string().openapi({ description: 'The value, as JSON.', example: '"patched by cron"' }),
        }),
      )
      .openapi({
        description:
          'The values behind the commitments of the entry: each commitment is the SHA-256 of a salt and a value.',
      }),
  })
  .openapi('LedgerEntry');

const entriesRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/entries',
  operationId: 'listLedgerEntries',
  tags: ['Ledger'],
  summary: 'The entries of the ledger in order, each as the text that is hashed',
  description: 'The entries from a given leaf on: one page as JSON, or all of them as CSV or NDJSON.',
  request: {
    query: z.strictObject({
      from: wholeNumber(0, Number.MAX_SAFE_INTEGER)
        .default(0)
        .openapi({ type: 'integer', minimum: 0, default: 0, description: 'The first leaf, from 0.' }),
      limit: wholeNumber(1, MOST_ENTRIES)
        .default(50)
        .openapi({ type: 'integer', minimum: 1, maximum: MOST_ENTRIES, default: 50, description: 'Items a page.' }),
      cursor,
      ...listForm,
    }),
  },
  responses: { 200: listResponse(entrySchema), ...problems(400, 401, 403) },
});

/** Adds the route for the ledger's entries. Unlike an entry bundle, it has entries of any length. */
export function addLedgerEntryRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(entriesRoute, async (c) => {
    const { from, limit, cursor: given, format: wanted, csv, for: reader } = c.req.valid('query');
    const read = async (most: number, after = from) => {
      const size = Math.min(most, MOST_ENTRIES);
      const options = readOptions(c, deps.readDeadlineMs);
      const items = await readEntriesWhole(deps, { from: after, to: after + size }, options);
      const next = after + items.length;
      const isMore = items.length > 0 && next < tileStore(deps.archive).size();
      return { items, next: isMore ? next : undefined };
    };
    const { format, csvForm } = listFormOf(c, { format: wanted, csv, for: reader });
    if (format !== 'json') {
      const columns = Object.keys(entrySchema.shape);
      return respondPages(c, { name: 'ledger', format, now: deps.now(), csvForm, columns, read });
    }
    const question = ['ledger-entries', from];
    const { items, next } = await read(limit, readCursor(question, given, z.int().min(0)));
    return respondPage(c, { items, nextCursor: next === undefined ? undefined : encodeCursor(question, next) });
  });
}
