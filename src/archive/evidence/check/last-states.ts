/** What is wrong with a row. `mayBeWithheld`: its last state may be one of those of which the pack has only the hash. */
export interface RowFault {
  what: string;
  mayBeWithheld: boolean;
}

/**
 * The last states of what has rows in a pack, by key. Only a digest of each is kept in memory. Withheld states have no
 * key: one that comes after a state may be a later state of the same key.
 */
export interface LastStates {
  add(key: string, digest: Buffer): void;
  addWithheld(): void;
  /** What is wrong with the row that has this digest; undefined if it is as the last state. `what` names it. */
  take(key: string, digest: () => Buffer, what: string): RowFault | undefined;
  /** The keys that have states and no row. */
  left(): string[];
}

export function createLastStates(): LastStates {
  const last = new Map<string, { digest: Buffer; withheldBefore: number }>();
  let withheld = 0;
  return {
    add(key, digest) {
      last.set(key, { digest, withheldBefore: withheld });
    },
    addWithheld() {
      withheld += 1;
    },
    take(key, digest, what) {
      const expected = last.get(key);
      last.delete(key);
      if (!expected)
        return {
          what: `is the ${what} ${key}, which has no state, or which an earlier line has already`,
          mayBeWithheld: true,
        };
      if (digest().equals(expected.digest)) return undefined;
      return { what: `is not the last state of the ${what} ${key}`, mayBeWithheld: expected.withheldBefore < withheld };
    },
    left: () => [...last.keys()],
  };
}
