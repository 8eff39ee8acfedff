/** A proof can't be one of what it is given for: its length, its hashes or the sizes are wrong. */
export class BadProof extends Error {
  override name = 'BadProof';
}
