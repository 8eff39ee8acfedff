import { type SqlToken, sqlTokens } from '../../questions/sql/sql-tokens.ts';

/** SQL whose positional parameters were given names; `numbered` has the places whose parameter had a number. */
export interface NamedPlaces {
  sql: string;
  /** The names by place, in order; undefined for a place that the SQL does not use. */
  names: (string | undefined)[];
  numbered: ReadonlySet<number>;
}

/**
 * Gives names to the positional parameters of SQL in which some have numbers (`?2`): Node's SQLite assigns the ones
 * without a number in another order than better-sqlite3. Returns undefined if no parameter has a number.
 */
export function numberPlaces(source: string): NamedPlaces | undefined {
  if (!/\?\d/.test(source)) return undefined;
  const tokens = [...sqlTokens(source)];
  if (!tokens.some(isNumbered)) return undefined;
  const numbered = new Set<number>();
  const names: (string | undefined)[] = [];
  let largest = 0;
  const sql = tokens.map((token) => {
    if (token.kind !== 'parameter' || !token.text.startsWith('?')) return token.text;
    const place = isNumbered(token) ? Number(token.text.slice(1)) : largest + 1;
    if (isNumbered(token)) numbered.add(place);
    largest = Math.max(largest, place);
    names[place - 1] = `place_${place}`;
    return `:place_${place}`;
  });
  return { sql: sql.join(''), names: Array.from({ length: largest }, (_, i) => names[i]), numbered };
}

function isNumbered({ kind, text }: SqlToken): boolean {
  return kind === 'parameter' && /^\?\d+$/.test(text);
}
