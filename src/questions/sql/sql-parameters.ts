import { sqlTokens } from './sql-tokens.ts';

/** Returns the named parameters in a text of SQL, each once and as it is written: `:from`, `@node`. */
export function namedParameters(sql: string): string[] {
  const names = new Set<string>();
  for (const { kind, text } of sqlTokens(sql)) if (kind === 'parameter' && !text.startsWith('?')) names.add(text);
  return [...names];
}
