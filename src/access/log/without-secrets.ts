/**
 * Returns the text without the secret part of any token in it, since someone will put a token into an address. The
 * token's id stays.
 */
export function withoutSecrets(text: string): string {
  return text.replace(/(ssms?_[\w-]{8})[\w-]{8,}/g, '$1[redacted]');
}
