/** The text without the secret part of any token in it, which someone will put into an address: its id stays. */
export function withoutSecrets(text: string): string {
  return text.replace(/(ssms?_[\w-]{8})[\w-]{8,}/g, '$1[redacted]');
}
