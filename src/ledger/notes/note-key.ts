import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { verifyCosignature } from './cosignature.ts';

/** A key can't be read, or its name can't be in a note. The message never contains a private key. */
export class BadNoteKey extends Error {
  override name = 'BadNoteKey';
}

/** A signer of notes, https://c2sp.org/signed-note. The name and 32 bits of a hash identify its key. */
export interface NoteSigner {
  name: string;
  keyId: number;
  /** The public key as text, for verifiers. */
  verifierKey: string;
  /** Returns the signature of a note's text, without the key's id. The text is given in UTF-8. */
  sign(text: Uint8Array): Buffer;
}

export interface NoteVerifier {
  name: string;
  keyId: number;
  /** The type of the signature. 1: Ed25519 over the text. 4: a witness's cosignature/v1, which contains its time. */
  type: 1 | 4;
  /** The public key as PEM (SPKI), as `openssl pkeyutl -verify -pubin` needs it. */
  pem: string;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** The parts of a key's text: `bytes` are the 32 bytes of the public key or of the private key's seed. */
interface KeyParts {
  name: string;
  id: string;
  type: 1 | 4;
  bytes: Buffer;
}

const KEY_BYTES = 32;
/** The DER bytes that come before the seed in PKCS #8, and before the public key in SPKI, from RFC 8410. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE = 'PRIVATE+KEY+';

/**
 * Makes a new Ed25519 key with a name, from 32 bytes of `random`, in the formats of Go's golang.org/x/mod/sumdb/note:
 * `PRIVATE+KEY+<name>+<id>+<base64>`, which must stay secret, and `<name>+<id>+<base64>`. Throws BadNoteKey for a name
 * that no note can contain: an empty one, or one with spaces, plus signs or control characters.
 */
export function createNoteKey(
  name: string,
  random: (size: number) => Uint8Array,
): { signingKey: string; verifierKey: string } {
  if (!isNoteName(name)) throw new BadNoteKey(`${JSON.stringify(name)} can't be the name of a key`);
  const seed = Buffer.from(random(KEY_BYTES));
  const bytes = publicBytes(privateKeyOf(seed));
  const id = idOf(name, 1, bytes);
  return {
    signingKey: PRIVATE + formatKey({ name, id, type: 1, bytes: seed }),
    verifierKey: formatKey({ name, id, type: 1, bytes }),
  };
}

/** Reads a private key in the form that createNoteKey returns. Throws BadNoteKey. */
export function parseSigningKey(signingKey: string): NoteSigner {
  return createSigner(signingKey, 1, (text, key) => sign(null, text, key));
}

/**
 * Returns a signer of the given type from a private key. The type in the key's text does not matter, because a
 * witness's key may be written like any other key. Throws BadNoteKey.
 */
export function createSigner(
  signingKey: string,
  type: 1 | 4,
  signText: (text: Uint8Array, key: KeyObject) => Buffer,
): NoteSigner {
  const parts = signingKey.startsWith(PRIVATE) ? parseKey(signingKey.slice(PRIVATE.length)) : undefined;
  if (!parts) throw new BadNoteKey('A signing key must be PRIVATE+KEY+<name>+<id>+<base64>, of an Ed25519 key');
  const { name } = parts;
  const key = privateKeyOf(parts.bytes);
  const bytes = publicBytes(key);
  if (parts.id !== idOf(name, parts.type, bytes)) {
    throw new BadNoteKey(`The signing key of ${name} is damaged: its id does not belong to its bytes`);
  }
  const id = idOf(name, type, bytes);
  const verifierKey = formatKey({ name, id, type, bytes });
  return { name, keyId: Number.parseInt(id, 16), verifierKey, sign: (text) => signText(text, key) };
}

/** Reads a public key, `<name>+<id>+<base64>`, of type 1 or 4. Throws BadNoteKey. */
export function parseVerifierKey(verifierKey: string): NoteVerifier {
  const parts = parseKey(verifierKey);
  if (!parts) throw new BadNoteKey('A verifier key must be <name>+<id>+<base64>, of an Ed25519 key');
  const { name, id, type, bytes } = parts;
  if (id !== idOf(name, type, bytes)) {
    throw new BadNoteKey(`The verifier key of ${name} is damaged: its id does not belong to its bytes`);
  }
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
  return {
    name,
    keyId: Number.parseInt(id, 16),
    type,
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
    verify: (text, signature) =>
      type === 1 ? verify(null, text, key, signature) : verifyCosignature(text, signature, key),
  };
}

/** Whether a note's key can have this name: not empty, without Unicode spaces, plus signs and control characters. */
export function isNoteName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no note may have them
  return /^[^\p{White_Space}+\u0000-\u001f]+$/u.test(name) && name.isWellFormed();
}

function parseKey(text: string): KeyParts | undefined {
  const [name = '', id = '', ...rest] = text.split('+');
  // The base64 part may contain plus signs too.
  const base64 = rest.join('+');
  const [type, ...bytes] = Buffer.from(base64, 'base64');
  if (!isNoteName(name) || (type !== 1 && type !== 4) || bytes.length !== KEY_BYTES) return undefined;
  const parts: KeyParts = { name, id, type, bytes: Buffer.from(bytes) };
  return /^[0-9a-f]{8}$/.test(id) && formatKey(parts) === text ? parts : undefined;
}

function formatKey({ name, id, type, bytes }: KeyParts): string {
  return `${name}+${id}+${Buffer.from([type, ...bytes]).toString('base64')}`;
}

/** Returns the first 32 bits, in hex, of SHA-256(name ‖ LF ‖ type ‖ public key). */
function idOf(name: string, type: number, bytes: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), bytes]), 'hex').slice(0, 8);
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}
