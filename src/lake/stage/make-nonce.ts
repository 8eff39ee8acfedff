import { randomBytes } from 'node:crypto';

const LEAST_BYTES = 32;
const MORE_BYTES = 992;

/**
 * Returns a random text for the metadata of a file. The ledger keeps the digest and the size of each file for ever. If
 * the file were made of its rows alone, somebody who knows all other rows of a day could make it with a guess at a row
 * that was pruned, and compare. Its length is random too, so that the size tells nothing of a short row.
 */
export function makeNonce(random: (size: number) => Buffer = randomBytes): string {
  return random(LEAST_BYTES + (random(2).readUInt16BE() % MORE_BYTES)).toString('hex');
}
