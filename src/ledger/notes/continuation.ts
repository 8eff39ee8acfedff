import { z } from 'zod';
import { canonicalJson } from '../../lib/json/canonical-json.ts';

/** The first entry of a new key, behind the one that names it: which tree of which key its own go on from. */
export const Continuation = z.object({
  kind: z.literal('continues'),
  at: z.string(),
  /** The new key. */
  verifierKey: z.string(),
  /** The key before, and the largest tree that it has signed and that this one begins with: its root in base64. */
  origin: z.string(),
  size: z.int().nonnegative(),
  root: z.string(),
  /** How many leaves had been signed in all. What is above `size` is lost. */
  signed: z.int().nonnegative(),
  /** The key that had signed so many, where it is another than `origin`: the archive is of before it. */
  signedBy: z.string().optional(),
  /** So many other leaves had `origin` signed, as a key does that several archives share. */
  other: z.int().positive().optional(),
  /** No record of what `origin` had signed last was there, so that it may have signed more than `size`. */
  unrecorded: z.literal(true).optional(),
  /** The same in words. */
  says: z.string(),
  /** https://c2sp.org/signed-note by the key before over what it hands over, where that key was still there. */
  note: z.string().optional(),
});

export type Continuation = z.output<typeof Continuation>;

/** What a continuation says in words. */
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

/** What the key before signs: the new key, and the words. No checkpoint has such a first line: none of an archive's origins has a space. */
export function handoverText({ verifierKey, says }: Pick<Continuation, 'verifierKey' | 'says'>): string {
  return `ssm-archive/key-renewal v1\n${verifierKey}\n${says}\n`;
}

/** A continuation of an entry of the ledger; undefined where that is none. */
export function parseContinuation(entryJson: string): Continuation | undefined {
  try {
    return Continuation.safeParse(JSON.parse(entryJson)).data;
  } catch {
    return undefined;
  }
}

/** As the ledger has it. */
export function continuationEntry(continuation: Continuation): string {
  return canonicalJson(continuation);
}
