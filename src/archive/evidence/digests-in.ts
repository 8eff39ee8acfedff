const OUTPUT = /"Output":\{"sha256":"([0-9a-f]{64})"\}/g;

/**
 * Returns the SHA-256 of each output that an opened entry of a state names. Within a text of JSON every quote has a
 * backslash before it, so nothing within a text is found.
 */
export function digestsIn(entry: string): string[] {
  return [...entry.matchAll(OUTPUT)].map(([, digest = '']) => digest);
}
