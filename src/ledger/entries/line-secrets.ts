import { hash } from 'node:crypto';

/**
 * What the salts of commitments are made of. A state batch is written with one secret for all of its states, its seed.
 * Once a state leaves the batch, the batch keeps a secret for each line that is left, and its seed is gone: with the
 * seed, somebody could confirm a guess at a state that was pruned. The lake has the secret of its line on each row.
 *
 * | bytes | what it is |
 * | --- | --- |
 * | 32 | the seed of a batch from before there were secrets of lines |
 * | 33, the first is 2 | the seed of a batch |
 * | 16 | the secret of a line |
 * | 1 + 16 n, the first is 1 | the salts of a line of a batch with a seed of the first kind |
 * | others, the first is 255 | the secrets of the lines that are left |
 */
const OLD_SEED_BYTES = 32;
const SEED_BYTES = 33;
const SEED_MARK = 2;
const SALTS_MARK = 1;
const LINES_MARK = 255;
const SALT_BYTES = 16;
const NUMBER_BYTES = 4;
const LENGTH_BYTES = 2;

/** Returns the seed of a new batch. */
export function makeSeed(random: (size: number) => Buffer): Buffer {
  return Buffer.concat([Buffer.of(SEED_MARK), random(SEED_BYTES - 1)]);
}

/** Returns a function that returns the salts of a line by their numbers. Throws an error if the secret has none. */
export function saltsOf(secret: Buffer, line: number): (n: number) => Buffer {
  if (secret.length === OLD_SEED_BYTES) return saltsOfOldSeed(secret, line);
  const own = isOfLine(secret) ? secret : secretOfLine(secret, line);
  if (own.length === SALT_BYTES) return (n) => derived(own, n);
  return (n) => {
    const salt = own.subarray(1 + n * SALT_BYTES, 1 + (n + 1) * SALT_BYTES);
    if (own[0] !== SALTS_MARK || salt.length !== SALT_BYTES)
      throw new Error(`the secret of line ${line} has no salt ${n}`);
    return salt;
  };
}

/**
 * Returns the secret of a line, from which no other line's can be made. `salts` is how many salts the line needs at
 * most. Throws an error if there is none.
 */
export function secretOf(secret: Buffer, line: number, salts: number): Buffer {
  if (isOfLine(secret)) return secret;
  if (secret.length !== OLD_SEED_BYTES) return secretOfLine(secret, line);
  const saltOf = saltsOfOldSeed(secret, line);
  return Buffer.concat([Buffer.of(SALTS_MARK), ...Array.from({ length: salts }, (_, n) => saltOf(n))]);
}

/** Whether it is the seed of a batch, of which the secret of each line can be made. */
export function isSeed(secret: Buffer): boolean {
  return secret.length === OLD_SEED_BYTES || (secret.length === SEED_BYTES && secret[0] === SEED_MARK);
}

/** Returns the secrets of lines as one, for a batch without a seed. A line of which nothing is left has none. */
export function packSecrets(secrets: readonly (Buffer | undefined)[]): Buffer {
  const parts = secrets.flatMap((secret = Buffer.alloc(0)) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(secret.length);
    return [length, secret];
  });
  const packed = Buffer.concat([Buffer.of(LINES_MARK), ...parts]);
  // Its length must not be that of a seed or of the secret of a line.
  const isOther = packed.length === OLD_SEED_BYTES || packed.length === SALT_BYTES;
  return isOther ? Buffer.concat([packed, Buffer.alloc(LENGTH_BYTES)]) : packed;
}

/** Returns the secrets of the lines of a batch without a seed. */
export function unpackSecrets(packed: Buffer): (Buffer | undefined)[] {
  const known = unpacked.get(packed);
  if (known) return known;
  const secrets: (Buffer | undefined)[] = [];
  for (let at = 1; at + LENGTH_BYTES <= packed.length; ) {
    const length = packed.readUInt16BE(at);
    at += LENGTH_BYTES;
    secrets.push(length === 0 ? undefined : packed.subarray(at, at + length));
    at += length;
  }
  unpacked.set(packed, secrets);
  return secrets;
}

/** The lines of a batch are asked for one after another. */
const unpacked = new WeakMap<Buffer, (Buffer | undefined)[]>();

function isOfLine(secret: Buffer): boolean {
  return secret.length === SALT_BYTES || (secret[0] === SALTS_MARK && secret.length % SALT_BYTES === 1);
}

function secretOfLine(secret: Buffer, line: number): Buffer {
  if (isSeed(secret)) return derived(secret, line);
  const own = secret[0] === LINES_MARK ? unpackSecrets(secret)[line] : undefined;
  if (!own) throw new Error(`the batch has no secret of its line ${line}`);
  return own;
}

function saltsOfOldSeed(seed: Buffer, line: number): (n: number) => Buffer {
  const begin = Buffer.alloc(OLD_SEED_BYTES + NUMBER_BYTES);
  seed.copy(begin);
  begin.writeUInt32BE(line, OLD_SEED_BYTES);
  return (n) => derived(begin, n);
}

/** A buffer for a secret and a number, by its length. It is filled and used within one call, so all calls share it. */
const scratches = new Map<number, Buffer>();

function derived(secret: Buffer, n: number): Buffer {
  const length = secret.length + NUMBER_BYTES;
  const of = scratches.get(length) ?? Buffer.alloc(length);
  scratches.set(length, of);
  secret.copy(of);
  of.writeUInt32BE(n, secret.length);
  // Node makes a digest as a text in a third of the time that it needs for a Buffer.
  return Buffer.from(hash('sha256', of, 'binary').slice(0, SALT_BYTES), 'latin1');
}
