import { parseCheckpoint } from '../../ledger/notes/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { openNote } from '../../ledger/notes/signed-note.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../ledger/tree/root-of-inclusion.ts';
import type { ProvedEntry } from '../seal/manifest-file.ts';

/** Something in the lake does not prove what it says. The message is the end of a sentence that begins with it. */
export class NotProved extends Error {
  override name = 'NotProved';
}

/**
 * Checks that an entry is in the tree whose root its proof names, and who signed that root. Returns the name of the
 * pinned key that did; null if no key of the archive is pinned, or if nobody has signed it. Throws NotProved if the proof
 * does not lead to the root, or if the checkpoint is not over this root, or not signed by a pinned key.
 */
export function checkProof({ entry, proof, checkpoint }: ProvedEntry, keys: readonly string[]): string | null {
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'hex'));
  const root = attempt('has a proof that leads to no root', () =>
    rootOfInclusion(hashLeaf(entry), proof.leaf, proof.size, hashes).toString('hex'),
  );
  if (root !== proof.root) throw new NotProved('has a proof that does not lead to its root');
  if (checkpoint === null || checkpoint === undefined || keys.length === 0) return null;
  const verifiers: NoteVerifier[] = keys.map(parseVerifierKey);
  const { text, verified } = attempt('has a checkpoint that no pinned key of the archive has signed', () =>
    openNote(checkpoint, verifiers),
  );
  const signed = attempt('has a checkpoint that is malformed', () => parseCheckpoint(text));
  if (signed.size !== proof.size || Buffer.from(signed.root).toString('hex') !== root)
    throw new NotProved('has a checkpoint over another tree than that of its proof');
  return verified[0]?.verifier.name ?? null;
}

function attempt<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new NotProved(what, { cause: error });
  }
}
