/** A proof can't prove what it should: its length, its hashes or the sizes are wrong. */
export class BadProof extends Error {
  override name = 'BadProof';
}
