import { createRoute, z } from '@hono/zod-openapi';
import { proveGrowth } from '../../../archive/checkpoints/prove-growth.ts';
import { proveLeaf } from '../../../archive/checkpoints/prove-leaf.ts';
import { jsonResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { wholeNumber } from '../parameters/parameters.ts';

const count = () => wholeNumber(0, Number.MAX_SAFE_INTEGER);
const hash = z.string().openapi({
  description: 'A SHA-256 hash in base64, as in a checkpoint.',
  example: 'bjQLnP+zepicpUTma3gKLHiQHT+zNzh2hRGjBhevoB0=',
});
const checkpoint = z
  .string()
  .optional()
  .openapi({ description: 'The signed note about exactly this root; absent if no note was made at this size.' });

const leafProofSchema = z
  .object({ leaf: z.int(), size: z.int(), leafHash: hash, root: hash, proof: z.array(hash), checkpoint })
  .openapi('LeafProof');
const growthProofSchema = z
  .object({ from: z.int(), to: z.int(), fromRoot: hash, toRoot: hash, proof: z.array(hash), checkpoint })
  .openapi('GrowthProof');

const leafRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/proof',
  operationId: 'proveLeaf',
  tags: ['Ledger'],
  summary: 'Proof that a leaf is in the ledger of a given size: RFC 9162 inclusion',
  request: {
    query: z.strictObject({
      leaf: count().openapi({
        type: 'integer',
        minimum: 0,
        description: 'The number of the leaf, from 0.',
        example: 1203,
      }),
      size: count().optional().openapi({
        type: 'integer',
        minimum: 0,
        description: 'How many leaves the tree has; by default those of the newest checkpoint.',
        example: 1204,
      }),
    }),
  },
  responses: { 200: jsonResponse(leafProofSchema, 'The proof.'), ...problems(400, 401, 403, 404) },
});

const growthRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/consistency',
  operationId: 'proveGrowth',
  tags: ['Ledger'],
  summary: 'Proof that the ledger of one size begins with the ledger of a smaller size: RFC 9162 consistency',
  request: {
    query: z.strictObject({
      from: count().openapi({
        type: 'integer',
        minimum: 0,
        description: 'How many leaves the smaller tree has.',
        example: 800,
      }),
      to: count().optional().openapi({
        type: 'integer',
        minimum: 0,
        description: 'How many leaves the larger tree has; by default those of the newest checkpoint.',
        example: 1204,
      }),
    }),
  },
  responses: { 200: jsonResponse(growthProofSchema, 'The proof.'), ...problems(400, 401, 403, 404) },
});

/** Adds the routes for proofs of the ledger. A proof reads one or two tiles per level, at any size of the ledger. */
export function addProofRoutes(app: ApiApp, deps: ApiDeps): void {
  app.openapi(leafRoute, (c) => {
    const asked = c.req.valid('query');
    if (asked.size !== undefined && asked.leaf >= asked.size) {
      throw new InvalidRequest([{ field: 'leaf', message: 'must be less than size: the first leaf is 0' }]);
    }
    const { leafHash, root, proof, ...found } = proveLeaf(deps.archive, asked);
    c.set('rows', 1);
    return c.json({ ...found, leafHash: hashText(leafHash), root: hashText(root), proof: proof.map(hashText) });
  });

  app.openapi(growthRoute, (c) => {
    const asked = c.req.valid('query');
    if (asked.to !== undefined && asked.from > asked.to) {
      throw new InvalidRequest([{ field: 'from', message: 'must not be greater than to' }]);
    }
    const { fromRoot, toRoot, proof, ...found } = proveGrowth(deps.archive, asked);
    c.set('rows', 1);
    return c.json({ ...found, fromRoot: hashText(fromRoot), toRoot: hashText(toRoot), proof: proof.map(hashText) });
  });
}

function hashText(hashOrRoot: Buffer): string {
  return hashOrRoot.toString('base64');
}
