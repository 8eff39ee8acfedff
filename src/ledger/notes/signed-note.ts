import { cosignatureTime } from './cosignature.ts';
import { isNoteName, type NoteSigner, type NoteVerifier } from './note-key.ts';

/** A note is malformed, or its signatures are not as required; the message says what is wrong. */
export class BadNote extends Error {
  override name = 'BadNote';
}

/** A signature line of a note. */
export interface NoteSignature {
  name: string;
  keyId: number;
  /** The signature's bytes, without the key's id. */
  signature: Buffer;
}

/** A signature that one of the given verifiers accepts. */
export interface VerifiedSignature extends NoteSignature {
  verifier: NoteVerifier;
  /** When a witness made the signature, in seconds since 1970; undefined if the signature is not a cosignature. */
  cosignedAt: number | undefined;
}

const KEY_ID_BYTES = 4;
/**
 * A note with more signatures than this is refused, because checking them would waste the reader's time. The format
 * requires room for at least 16.
 */
const MOST_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+=*)$/;

/**
 * Returns a note with one signature: https://c2sp.org/signed-note. Throws BadNote unless the text consists of whole
 * lines.
 */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isText(text) || !text.endsWith('\n')) {
    throw new BadNote('The text of a note must end with a line end, and must have no other control characters');
  }
  return `${text}\n${formatSignature(signatureBy(signer, text))}`;
}

/** Returns the note with one more signature, which replaces an older one of the same key. Throws BadNote. */
export function cosignNote(note: string, signer: NoteSigner): string {
  return addSignatures(note, formatSignature(signatureBy(signer, parseNote(note).text)));
}

/**
 * Returns the note with more signature lines, as a witness returns them. They replace older lines of the same keys. No
 * signature is verified here. Throws BadNote.
 */
export function addSignatures(note: string, lines: string): string {
  const { text, signatures } = parseNote(note);
  const added = parseSignatures(lines);
  const kept = signatures.filter((old) => !added.some((it) => it.name === old.name && it.keyId === old.keyId));
  const all = [...kept, ...added];
  if (all.length > MOST_SIGNATURES) throw new BadNote(`A note can't have more than ${MOST_SIGNATURES} signatures`);
  return `${text}\n${all.map(formatSignature).join('')}`;
}

/**
 * Returns the text of a note that a known key has signed. `verified` has each key once, with its first signature, so
 * that keys can be counted. `unverified` has the signatures of unknown keys, which prove nothing. Throws BadNote if the
 * note is malformed, if none of the keys signed it, or if the signature of a known key is not valid: then nothing in
 * the note may be trusted. A note in bytes must be UTF-8.
 */
export function openNote(
  note: string | Uint8Array,
  verifiers: readonly NoteVerifier[],
): { text: string; verified: VerifiedSignature[]; unverified: NoteSignature[] } {
  const { text, signatures } = parseNote(note);
  const bytes = Buffer.from(text);
  const verified: VerifiedSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const given of signatures) {
    const { name, keyId, signature } = given;
    const [verifier, other] = verifiers.filter((known) => known.name === name && known.keyId === keyId);
    if (!verifier) unverified.push(given);
    else if (other) throw new BadNote(`Two of the given keys have the same name and id, ${keyName(given)}`);
    else if (!verifier.verify(bytes, signature)) throw new BadNote(`The signature of ${keyName(given)} is false`);
    else if (!verified.some((earlier) => earlier.verifier === verifier)) {
      const cosignedAt = verifier.type === 4 ? cosignatureTime(signature) : undefined;
      verified.push({ ...given, verifier, cosignedAt });
    }
  }
  if (verified.length === 0) {
    throw new BadNote(
      `None of the given keys has signed the note; it is signed by ${signatures.map(keyName).join(', ')}`,
    );
  }
  return { text, verified, unverified };
}

/**
 * Returns the parts of a note without verifying anything, so its text may not be trusted. Throws BadNote if it is
 * malformed.
 */
export function parseNote(note: string | Uint8Array): { text: string; signatures: NoteSignature[] } {
  const whole = typeof note === 'string' ? note : decode(note);
  if (!isText(whole))
    throw new BadNote('A note may have no control characters except line ends, and no lone surrogates');
  const end = whole.lastIndexOf('\n\n');
  if (end < 0) throw new BadNote('A note must have an empty line between its text and its signatures');
  return { text: whole.slice(0, end + 1), signatures: parseSignatures(whole.slice(end + 2)) };
}

/** Returns the signatures in the lines, each once. Throws BadNote unless they are whole signature lines. */
export function parseSignatures(lines: string): NoteSignature[] {
  const each = lines.split('\n');
  if (each.pop() !== '' || each.length === 0)
    throw new BadNote('A note must end with signatures, each on a whole line');
  if (each.length > MOST_SIGNATURES) throw new BadNote(`A note can't have more than ${MOST_SIGNATURES} signatures`);
  return [...new Set(each)].map((line) => {
    const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(base64, 'base64');
    if (!isNoteName(name) || bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== base64) {
      throw new BadNote(`${JSON.stringify(line)} is not a signature line`);
    }
    return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(KEY_ID_BYTES) };
  });
}

function signatureBy({ name, keyId, sign }: NoteSigner, text: string): NoteSignature {
  return { name, keyId, signature: sign(Buffer.from(text)) };
}

/** Returns a signature as a line of a note, with its line end. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Buffer.alloc(KEY_ID_BYTES);
  id.writeUInt32BE(keyId);
  return `\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

function keyName({ name, keyId }: NoteSignature): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}`;
}

function isText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note may not have
  return !/[\u0000-\u0009\u000b-\u001f]/.test(text) && text.isWellFormed();
}

function decode(note: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(note);
  } catch {
    throw new BadNote('A note must be UTF-8');
  }
}
