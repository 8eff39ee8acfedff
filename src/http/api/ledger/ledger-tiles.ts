import { createRoute, z } from '@hono/zod-openapi';
import { parseTilePath, type TilePath } from '../../../ledger/tiles/tile-path.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { HASH_BYTES, TILE_WIDTH } from '../../../ledger/tiles/tiles.ts';
import { readEntriesWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import { respondBytes } from '../answers/respond-bytes.ts';
import { bytesResponse, problemForm, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';
import { InvalidRequest, NotFound } from '../api-error.ts';
import { text } from '../parameters/parameters.ts';
import { bundleEntries } from './bundle-entries.ts';

const index = text.openapi({
  description:
    'The place of the tile in its level as tlog-tiles writes it, with slashes: 067, x001/x234/067, or 067.p/12.',
  example: '000.p/12',
});
const level = text.openapi({ description: 'The level: 0 has the hashes of leaves; the highest is 63.', example: '0' });
const BYTES = 'application/octet-stream';

const entriesRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/tile/entries/{index}',
  operationId: 'getEntryBundle',
  tags: ['Ledger'],
  summary: 'The entries under a tile of level 0, in the form of tlog-tiles',
  description:
    'Each entry as its length in two bytes (the high one first) and its bytes. An entry of more than 65,535 bytes does not fit into a bundle: /v1/ledger/entries has it.',
  request: { params: z.object({ index }), query: z.strictObject({}) },
  responses: {
    200: bytesResponse(
      BYTES,
      '\u0001\u0002{"accountId":"111122223333",…}',
      'The entries: 256, or fewer if the index says so.',
    ),
    ...problems(400, 401, 403, 404),
    422: problemForm(422, {
      description: 'An entry is too large for a bundle; /v1/ledger/entries has it.',
      title: 'Not available in this form',
      detail:
        'Leaf 12 has 70000 bytes, but an entry of a bundle may have at most 65535: GET /v1/ledger/entries?from=12&limit=1 has it.',
    }),
  },
});

const tileRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/tile/{level}/{index}',
  operationId: 'getTile',
  tags: ['Ledger'],
  summary: 'Hashes of the Merkle tree, in the form of tlog-tiles',
  description:
    'See https://c2sp.org/tlog-tiles: 256 hashes of 32 bytes each, or the first few of them: then .p/ and their number follow the index. A partial tile stays available after the tile has grown.',
  request: { params: z.object({ level, index }), query: z.strictObject({}) },
  responses: {
    200: bytesResponse(BYTES, 'hashes of 32 bytes each', 'SHA-256 hashes, 32 bytes each.'),
    ...problems(400, 401, 403, 404),
  },
});

/** A tile's index has slashes, which templates of OpenAPI can't express: the document says `{index}`. */
const WITH_SLASHES = { entries: '/v1/ledger/tile/entries/{index{.+}}', tile: '/v1/ledger/tile/{level}/{index{.+}}' };

/** The tiles and entry bundles of the ledger, at the paths of https://c2sp.org/tlog-tiles. */
export function addLedgerTileRoutes(app: ApiApp, deps: ApiDeps): void {
  for (const route of [entriesRoute, tileRoute]) app.openAPIRegistry.registerPath(route);

  app.openapi({ ...entriesRoute, path: WITH_SLASHES.entries, hide: true }, async (c) => {
    const tile = tileOf('entries', c.req.valid('param').index);
    const from = tile.index * TILE_WIDTH;
    const to = from + tile.width;
    if (to > tileStore(deps.archive).size()) throw notThere(deps, tile);
    const entries = await readEntriesWhole(deps, { from, to }, readOptions(c, deps.readDeadlineMs));
    return respondTile(c, bundleEntries(entries), tile);
  });

  app.openapi({ ...tileRoute, path: WITH_SLASHES.tile, hide: true }, (c) => {
    const { level: asked, index: name } = c.req.valid('param');
    const tile = tileOf(asked, name);
    if (tile.level === 'entries') throw new InvalidRequest([{ field: 'level', message: 'must be from 0 to 63' }]);
    const hashes = Buffer.from(tileStore(deps.archive).read(tile.level, tile.index) ?? []);
    const wanted = hashes.subarray(0, tile.width * HASH_BYTES);
    if (wanted.length < tile.width * HASH_BYTES) throw notThere(deps, tile);
    return respondTile(c, wanted, tile);
  });
}

/** A full tile never changes. A tile that is not full soon grows, and clients have to ask for it again. */
function respondTile(c: ApiContext, body: Buffer, { width }: TilePath): Response {
  return respondBytes(c, body, { type: BYTES, isImmutable: width === TILE_WIDTH, rows: width });
}

function tileOf(asked: string, name: string): TilePath {
  const tile = parseTilePath(`${asked}/${name}`);
  if (tile) return tile;
  if (!/^(entries|[0-9]|[1-5][0-9]|6[0-3])$/.test(asked)) {
    throw new InvalidRequest([
      { field: 'level', message: `must be from 0 to 63, or entries, not "${asked.slice(0, 40)}"` },
    ]);
  }
  const message = `must be a tile's index such as 067, x001/x234/067 or 067.p/12, not "${name.slice(0, 40)}"`;
  throw new InvalidRequest([{ field: 'index', message }]);
}

function notThere({ archive }: ApiDeps, tile: TilePath): NotFound {
  const what = tile.width === TILE_WIDTH ? 'tile' : `tile of ${tile.width}`;
  return new NotFound(
    `The ledger has ${tileStore(archive).size()} leaves, so it does not have the ${what} ${tile.index} of level ${tile.level}.`,
  );
}
