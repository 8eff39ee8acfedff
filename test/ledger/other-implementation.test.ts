import { createPublicKey, randomBytes } from 'node:crypto';
import { LogCheckpoint, verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { RFC9162 } from '@transmute/rfc9162';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../../src/ledger/notes/checkpoint.ts';
import { createNoteKey, parseSigningKey, parseVerifierKey } from '../../src/ledger/notes/note-key.ts';
import { signNote } from '../../src/ledger/notes/signed-note.ts';
import { appendLeaves } from '../../src/ledger/tree/append-leaves.ts';
import { createProver } from '../../src/ledger/tree/create-prover.ts';
import { hashLeaf } from '../../src/ledger/tree/hash-leaf.ts';
import { treeRoot } from '../../src/ledger/tree/tree-root.ts';
import { createTiles } from './tiles-in-memory.ts';

const COUNT = 66_000;
const ENTRIES = Array.from({ length: COUNT }, (_, i) => Buffer.from(`{"entry":${i}}`));
const TILES = createTiles();
for (let size = 0; size < COUNT; ) {
  size = appendLeaves(
    TILES,
    size,
    ENTRIES.slice(size, size + 500).map((entry) => hashLeaf(entry)),
  );
}

const SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 1000, 4096, 65_535, 65_536, 65_537, COUNT];
const PAIRS = SIZES.flatMap((to) => SIZES.filter((from) => from < to).map((from) => [from, to] as const));

function rootOf(size: number): Buffer {
  return treeRoot(TILES.read, size);
}

function flipped(hash: Uint8Array): Buffer {
  const other = Buffer.from(hash);
  other[7] = (other[7] ?? 0) ^ 1;
  return other;
}

/** The verifier of npm's provenance. It checks inclusion proofs and checkpoints, but not consistency. */
describe("Sigstore's verifier", () => {
  const { signingKey, verifierKey } = createNoteKey('archive.example/log', randomBytes);
  const signer = parseSigningKey(signingKey);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(signer.keyId);
  const log = {
    baseURL: 'https://archive.example/log',
    logID: id,
    publicKey: createPublicKey(parseVerifierKey(verifierKey).pem),
    validFor: { start: new Date(0), end: new Date(8.64e15) },
  };

  function entryOf(leaf: number, size: number, hashes: Buffer[], envelope: string) {
    const inclusionProof = {
      logIndex: String(leaf),
      rootHash: rootOf(size),
      treeSize: String(size),
      hashes,
      checkpoint: { envelope },
    };
    return {
      logIndex: String(leaf),
      logId: { keyId: id },
      kindVersion: { kind: 'revision', version: '1' },
      integratedTime: '0',
      inclusionPromise: undefined,
      inclusionProof,
      canonicalizedBody: ENTRIES[leaf] ?? Buffer.alloc(0),
    };
  }

  it('verifies that each entry is in the tree of the checkpoint, and rejects each changed proof', () => {
    for (const size of SIZES) {
      const text = formatCheckpoint({ origin: 'archive.example/log', size, root: rootOf(size) });
      const note = signNote(text, signer);
      const prover = createProver(TILES.read, size);
      for (const leaf of new Set([0, 1, 255, 256, Math.floor(size / 3), size - 1].filter((at) => at < size))) {
        const hashes = prover.inclusion(leaf);
        const entry = entryOf(leaf, size, hashes, note);
        const checkpoint = verifyCheckpoint(entry, [log]);
        expect([checkpoint.origin, checkpoint.logSize]).toEqual(['archive.example/log', BigInt(size)]);
        verifyMerkleInclusion(entry, checkpoint);
        for (const i of hashes.keys()) {
          const forged = hashes.map((hash, at) => (at === i ? flipped(hash) : hash));
          expect(() => verifyMerkleInclusion(entryOf(leaf, size, forged, note), checkpoint)).toThrow();
        }
        const older = new LogCheckpoint('archive.example/log', BigInt(size), flipped(checkpoint.logHash), []);
        expect(() => verifyMerkleInclusion(entry, older)).toThrow();
      }
    }
  });

  it('refuses a checkpoint after any change', () => {
    const note = signNote(formatCheckpoint({ origin: 'archive.example/log', size: 8, root: rootOf(8) }), signer);
    const forged = note.replace('\n8\n', '\n9\n');
    expect(() => verifyCheckpoint(entryOf(0, 8, [], forged), [log])).toThrow();
  });
});

describe("Transmute's RFC 9162", () => {
  it('makes the same trees and inclusion proofs from the same entries', async () => {
    for (const size of [1, 2, 3, 7, 8, 33, 255, 256, 257, 300]) {
      const entries = ENTRIES.slice(0, size);
      expect(Buffer.from(await RFC9162.treeHead(entries))).toEqual(rootOf(size));
    }
    for (const size of [2, 3, 7, 8, 33]) {
      const entries = ENTRIES.slice(0, size);
      for (const [leaf, entry] of entries.entries()) {
        const theirs = await RFC9162.inclusionProof(entry, entries);
        expect(theirs.inclusion_path.map((hash) => Buffer.from(hash))).toEqual(
          createProver(TILES.read, size).inclusion(leaf),
        );
      }
    }
  });

  /** Step 2 of RFC 9162 section 2.1.4.2, which Transmute's implementation leaves to its caller. */
  function verifies(from: number, to: number, fromRoot: Buffer, toRoot: Buffer, proof: Buffer[]): Promise<boolean> {
    const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : proof;
    const claim = { log_id: '', tree_size_1: from, tree_size_2: to, consistency_path: path };
    return RFC9162.verifyConsistencyProof(fromRoot, toRoot, claim);
  }

  it('verifies that each tree is the beginning of each later tree, and rejects each changed proof', async () => {
    for (const [from, to] of PAIRS) {
      const proof = createProver(TILES.read, to).consistency(from);
      expect(await verifies(from, to, rootOf(from), rootOf(to), proof), `${from} in ${to}`).toBe(true);
      expect(await verifies(from, to, rootOf(from), flipped(rootOf(to)), proof)).toBe(false);
      expect(await verifies(from, to, flipped(rootOf(from)), rootOf(to), proof)).toBe(false);
      for (const i of proof.keys()) {
        const forged = proof.map((hash, at) => (at === i ? flipped(hash) : hash));
        expect(await verifies(from, to, rootOf(from), rootOf(to), forged)).toBe(false);
      }
    }
  });

  it('verifies that each entry is in each tree', async () => {
    for (const size of SIZES) {
      const prover = createProver(TILES.read, size);
      for (const leaf of new Set([0, Math.floor(size / 2), size - 1])) {
        const claim = { log_id: '', tree_size: size, leaf_index: leaf, inclusion_path: prover.inclusion(leaf) };
        const entry = ENTRIES[leaf] ?? Buffer.alloc(0);
        expect(await RFC9162.verifyInclusionProof(rootOf(size), hashLeaf(entry), claim)).toBe(true);
      }
    }
  });
});
