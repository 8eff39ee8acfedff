import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * A witness's cosignature of a checkpoint, https://c2sp.org/tlog-cosignature version 1: the time in seconds since 1970
 * as eight bytes, big endian, then an Ed25519 signature over that time and the note's text.
 */
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const LAST_TIME = 2n ** 63n - 1n;

export function signCosignature(text: Uint8Array, at: Date, key: KeyObject): Buffer {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 1000)));
  return Buffer.concat([time, sign(null, messageOf(text, time), key)]);
}

/** Whether the signature is valid for this text. Its time is not checked. False for anything malformed. */
export function verifyCosignature(text: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  const time = timeBytesOf(signature);
  return time !== undefined && verify(null, messageOf(text, time), key, signature.subarray(TIME_BYTES));
}

/**
 * Returns when the witness cosigned, in seconds since 1970; undefined if the signature is not a cosignature. Verify the
 * signature before you trust the time.
 */
export function cosignatureTime(signature: Uint8Array): number | undefined {
  const time = timeBytesOf(signature);
  return time && Number(time.readBigUInt64BE());
}

function timeBytesOf(signature: Uint8Array): Buffer | undefined {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = Buffer.from(signature.subarray(0, TIME_BYTES));
  return time.readBigUInt64BE() <= LAST_TIME ? time : undefined;
}

function messageOf(text: Uint8Array, time: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time.readBigUInt64BE()}\n`), text]);
}
