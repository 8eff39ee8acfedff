import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../lib/sha256.ts';

/** So many random bytes: randomBytes of node:crypto, or something that a test can foresee. */
export type RandomBytes = (size: number) => Buffer;

const RANDOM_BYTES = 32;
const SHOWN_CHARACTERS = 8;

// What is compared where no secret has the id, so that an unknown one takes as long as a wrong one.
const NO_DIGEST = Buffer.alloc(32);

export interface Secret {
  /** The whole, which is shown once and never stored. */
  text: string;
  /** Its prefix and first eight characters: safe to show, and how it is found again. 208 bits stay secret. */
  id: string;
  digest: Buffer;
}

/**
 * A new secret: the prefix (by which scanners of source code know it) and 256 random bits in base64url.
 * Stored as its SHA-256: a slow hash protects secrets that can be guessed, and nobody guesses 256 bits; it would only
 * make every request slow.
 */
export function drawSecret(prefix: string, random: RandomBytes): Secret {
  const text = prefix + random(RANDOM_BYTES).toString('base64url');
  return secretOf(prefix, text);
}

/** The secret that the text is; undefined for a text that drawSecret can't have made with this prefix. */
export function parseSecret(prefix: string, text: string): Secret | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const random = text.slice(prefix.length);
  const bytes = Buffer.from(random, 'base64url');
  // Decoding passes over characters that are not base64url's: only what encodes to the same text again is whole.
  if (bytes.length !== RANDOM_BYTES || bytes.toString('base64url') !== random) return undefined;
  return secretOf(prefix, text);
}

function secretOf(prefix: string, text: string): Secret {
  return { text, id: idOfSecret(prefix, text), digest: sha256(text) };
}

/** The id that a secret of this prefix has, whether there is such a secret or not. */
export function idOfSecret(prefix: string, text: string): string {
  return text.slice(0, prefix.length + SHOWN_CHARACTERS);
}

/** Whether the text has that digest. Takes the same time whatever is wrong with it, and where there is no digest. */
export function matchesDigest(text: string, digest: Buffer | undefined): boolean {
  const isSame = timingSafeEqual(sha256(text), digest ?? NO_DIGEST);
  return isSame && digest !== undefined;
}
