/** A proof can't belong to its claim: its length, its hashes or the sizes are wrong. */
export class BadProof extends Error {
  override name = 'BadProof';
}
