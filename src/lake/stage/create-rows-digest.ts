import { sha256 } from '../../lib/sha256.ts';

const LANES = 8;
const LANE_BYTES = 4;

/** A digest of the rows of a table that is the same in whatever order they come. */
export interface RowsDigest {
  /** Adds a row, given as its JSON. */
  add(json: string): void;
  /** The digest of the rows up to now, in hex. */
  value(): string;
}

/**
 * Returns a digest without rows: the sum of the digests of the rows. So rows that come in the order in which they are
 * stored can be compared with the rows of a sorted file, and nothing has to be sorted for the comparison.
 */
export function createRowsDigest(): RowsDigest {
  const lanes = new Uint32Array(LANES);
  return {
    add(json) {
      const digest = sha256(json);
      for (let n = 0; n < LANES; n++) lanes[n] = (lanes[n] ?? 0) + digest.readUInt32LE(n * LANE_BYTES);
    },
    value: () => Buffer.from(lanes.buffer).toString('hex'),
  };
}
