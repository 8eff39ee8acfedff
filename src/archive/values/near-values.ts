import { nearNames } from '../../lib/words/near-names.ts';

const MOST_NEAR = 3;
/** Shorter texts are not compared, because they are similar to nearly everything. */
const FEWEST_LETTERS = 3;
const MOST_LETTERS = 200;

/** Names that a person may have meant by a name that the archive does not have, the most similar first. */
export function nearest(value: string, names: Iterable<string>): string[] {
  return nearNames(value, withoutEmpty(names), MOST_NEAR);
}

/** Like nearest, for a filter that takes the beginning of a name: a similar beginning of a name counts too. */
export function nearBeginnings(value: string, names: readonly string[]): string[] {
  const whole = nearest(value, names);
  if (whole.length > 0 || value.length < FEWEST_LETTERS) return whole;
  return nearNames(value, new Set(names.map((name) => name.slice(0, value.length).toWellFormed())), MOST_NEAR);
}

/**
 * Like nearest, for a filter that takes a part of a comment: returns the same part in another case, or similar
 * comments, or similar words of comments.
 */
export function nearParts(value: string, all: readonly string[]): string[] {
  const sought = value.toLowerCase();
  const otherCase = all.flatMap((comment) => {
    const at = comment.toLowerCase().indexOf(sought);
    const part = comment.slice(at, at + value.length);
    // In a few languages, a text has another length in the other case, so the part found here may be shifted.
    return at >= 0 && part.toLowerCase() === sought ? [part] : [];
  });
  if (otherCase.length > 0) return [...new Set(otherCase)].slice(0, MOST_NEAR);
  if (value.length < FEWEST_LETTERS) return [];
  const short = all.filter((comment) => comment.length <= MOST_LETTERS);
  return nearest(value, [...short, ...short.flatMap((comment) => comment.split(/\s+/))]);
}

function* withoutEmpty(names: Iterable<string>): Generator<string> {
  for (const name of names) if (name !== '') yield name;
}
