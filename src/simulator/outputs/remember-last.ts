/** Returns what was made for a key, without making it again if it is the key of the last call. */
export type Recall<T> = (key: string, make: () => T) => T;

/** Returns a memory of one result. A client that reads a large output in parts asks for it many times in a row. */
export function rememberLast<T>(): Recall<T> {
  let last: { readonly key: string; readonly made: T } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, made: make() };
    return last.made;
  };
}
