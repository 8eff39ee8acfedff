import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { openArchive } from '../../src/db/open.ts';
import { tileStore } from '../../src/ledger/tiles/tile-store.ts';
import { appendLeaves } from '../../src/ledger/tree/append-leaves.ts';
import { createProver } from '../../src/ledger/tree/create-prover.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Makes a ledger of made-up leaves in a separate file, and measures proofs of leaves anywhere in it.
const BATCH = 100_000;
const PROOFS = 1000;
const HASH_BYTES = 32;
const { path, leaves } = readInput(z.object({ path: z.string(), leaves: z.number() }));
const db = openArchive(path);
const tiles = tileStore(db.sqlite);
const add = db.sqlite.transaction((size: number) => {
  const bytes = randomBytes(BATCH * HASH_BYTES);
  const hashes = Array.from({ length: BATCH }, (_, n) => bytes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES));
  appendLeaves(tiles, size, hashes);
});
for (let size = 0; size < leaves; size += BATCH) add(size);

function timed(prove: (at: number) => void): number[] {
  return Array.from({ length: PROOFS }, () => {
    const at = Math.floor(Math.random() * leaves);
    const begin = performance.now();
    prove(at);
    return performance.now() - begin;
  });
}

answerParent(
  () => ({
    inclusionMs: timed((leaf) => createProver(tiles.read, leaves).inclusion(leaf)),
    consistencyMs: timed((from) => createProver(tiles.read, leaves).consistency(from)),
  }),
  db.close,
);
