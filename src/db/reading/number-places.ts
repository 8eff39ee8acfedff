import { type SqlToken, sqlTokens } from '../../questions/sql/sql-tokens.ts';

/** SQL whose parameters by place all have names, and the places of those that had a number. */
export interface NamedPlaces {
  sql: string;
  /** All places, in their order; those that the SQL does not name are undefined. */
  names: (string | undefined)[];
  numbered: ReadonlySet<number>;
}

/**
 * Gives the places of SQL that has numbered parameters (`?2`) names of their own: Node's SQLite takes those without a number in another order
 * than the driver does. Undefined where no parameter has a number.
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
