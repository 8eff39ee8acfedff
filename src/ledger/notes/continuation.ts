import { z } from 'zod';
import { canonicalJson } from '../../lib/json/canonical-json.ts';

/**
 * The ledger's entry by which a new key takes over from an earlier one. It follows the entry that names the new key. It
 * names the earlier key, and the tree of that key, which the new entries continue.
 */
export const Continuation = z.object({
  kind: z.literal('continues'),
  at: z.string(),
  /** The new key. */
  verifierKey: z.string(),
  /**
   * The earlier key, and the largest tree that it signed and with which this ledger begins: its size, and its root in
   * base64.
   */
  origin: z.string(),
  size: z.int().nonnegative(),
  root: z.string(),
  /** How many leaves had been signed in all. The leaves beyond `size` are lost. */
  signed: z.int().nonnegative(),
  /**
   * The key that had signed `signed` leaves, if it is not `origin`. Then the archive is a copy from before that key.
   */
  signedBy: z.string().optional(),
  /** How many other leaves `origin` had signed, which happens if several archives share a key. */
  other: z.int().positive().optional(),
  /** Set if there was no record of what `origin` signed last. It may have signed more than `size`. */
  unrecorded: z.literal(true).optional(),
  /** The facts of this entry in words. */
  says: z.string(),
  /**
   * A https://c2sp.org/signed-note in which the earlier key signs the handover; absent if that key no longer existed.
   */
  note: z.string().optional(),
});

export type Continuation = z.output<typeof Continuation>;

/**
 * Returns the words of a continuation. Never change them: `verify` computes them again and compares them with the
 * stored words.
 */
export function sayContinuation({
  origin,
  size,
  root,
  signed,
  signedBy,
  other,
  unrecorded,
}: Pick<Continuation, 'origin' | 'size' | 'root' | 'signed' | 'signedBy' | 'other' | 'unrecorded'>): string {
  const begin = `continues ${origin} from size ${size}, root ${root}; `;
  if (other !== undefined)
    return `${begin}it has signed ${other} other leaves too, and whether they are another archive's or lost is not known`;
  if (unrecorded)
    return `${begin}no record of what it signed last was there, and whether leaves it signed after these are lost is not known`;
  if (signed <= size) return `${begin}nothing that was signed is lost`;
  const by = signedBy === undefined ? '' : `; ${signedBy} had signed them`;
  return `${begin}leaves ${size} to ${signed - 1} are lost${by}`;
}

/**
 * Returns the text that the earlier key signs: the new key, and the words. The text can't be mistaken for a checkpoint:
 * its first line has a space, and an archive's origin never has one.
 */
export function handoverText({ verifierKey, says }: Pick<Continuation, 'verifierKey' | 'says'>): string {
  return `ssm-archive/key-renewal v1\n${verifierKey}\n${says}\n`;
}

/** Returns an entry of the ledger as a continuation; undefined if it is another kind of entry. */
export function parseContinuation(entryJson: string): Continuation | undefined {
  try {
    return Continuation.safeParse(JSON.parse(entryJson)).data;
  } catch {
    return undefined;
  }
}

/** Returns the continuation as the ledger stores it. */
export function continuationEntry(continuation: Continuation): string {
  return canonicalJson(continuation);
}
