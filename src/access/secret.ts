import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../lib/sha256.ts';

/** Returns `size` random bytes: randomBytes of node:crypto, or a predictable function in tests. */
export type RandomBytes = (size: number) => Buffer;

const RANDOM_BYTES = 32;
const SHOWN_CHARACTERS = 8;

// This digest is compared if no secret has the id, so that an unknown secret takes as long as a wrong one.
const NO_DIGEST = Buffer.alloc(32);

export interface Secret {
  /** The whole secret, which is shown once and never stored. */
  text: string;
  /**
   * The secret's prefix and first eight characters, by which the secret is found. They are safe to show: 208 bits stay
   * secret.
   */
  id: string;
  digest: Buffer;
}

/**
 * Returns a new secret: the prefix, by which scanners of source code recognize it, and 256 random bits in base64url. It
 * is stored as its SHA-256. A slow hash protects secrets that can be guessed; nobody can guess 256 bits, so it would
 * only make every request slow.
 */
export function drawSecret(prefix: string, random: RandomBytes): Secret {
  const text = prefix + random(RANDOM_BYTES).toString('base64url');
  return secretOf(prefix, text);
}

/** Returns the secret in a text that begins with this prefix; undefined if drawSecret can't have made the text. */
export function parseSecret(prefix: string, text: string): Secret | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const random = text.slice(prefix.length);
  const bytes = Buffer.from(random, 'base64url');
  // Decoding skips characters outside base64url, so a text is whole only if it encodes to itself again.
  if (bytes.length !== RANDOM_BYTES || bytes.toString('base64url') !== random) return undefined;
  return secretOf(prefix, text);
}

function secretOf(prefix: string, text: string): Secret {
  return { text, id: idOfSecret(prefix, text), digest: sha256(text) };
}

/** Returns the id for a secret of this prefix, whether or not the secret exists. */
export function idOfSecret(prefix: string, text: string): string {
  return text.slice(0, prefix.length + SHOWN_CHARACTERS);
}

/** Whether the text has that digest. Takes the same time for every wrong text, even without a digest. */
export function matchesDigest(text: string, digest: Buffer | undefined): boolean {
  const isSame = timingSafeEqual(sha256(text), digest ?? NO_DIGEST);
  return isSame && digest !== undefined;
}
