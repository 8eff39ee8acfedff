/**
 * Returns a pure function that remembers its results for the arguments of its latest calls, at most `limit` of them.
 */
export function rememberRecent<T>(limit: number, make: (key: number) => T): (key: number) => T {
  const kept = new Map<number, T>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    if (kept.size >= limit) {
      // A Map keeps the order of insertion, so its first key is the oldest.
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    }
    kept.set(key, made);
    return made;
  };
}
