/** Names longer than this are not compared: the time grows with the product of the two lengths. */
const MOST_LETTERS = 200;

/** For a name shorter than this, one edit changes so much that every short name would be near. */
const FEWEST_LETTERS = 3;

/**
 * Returns the names that a person may have meant by an unknown name, the nearest first: names that differ only in case,
 * blanks and punctuation, then names that begin with the unknown name, then names a few letters away (one letter in
 * three, at most three letters, and none for a name below three letters). The time grows with the number of names: pass
 * the names of a closed list, or the few names that an index found.
 */
export function nearNames(given: string, names: Iterable<string>, most = 3): string[] {
  const wanted = bare(given);
  if (wanted === '' || wanted.length > MOST_LETTERS) return [];
  const allowed = wanted.length < FEWEST_LETTERS ? 0 : Math.min(3, Math.ceil(wanted.length / 3));
  const found: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    const other = bare(name);
    const begins = wanted.length >= 2 && other.startsWith(wanted);
    const distance = other === wanted ? 0 : begins ? 0.5 : editsBetween(wanted, other, allowed);
    if (begins || distance <= allowed) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, most).map(({ name }) => name);
}

/**
 * Returns a blank and the sentence that proposes names: ` Did you mean "Failed" or "Pending"?`; empty if there are
 * none.
 */
export function proposalOf(near: readonly string[]): string {
  const quoted = near.map((name) => `"${name}"`);
  const last = quoted.pop();
  if (last === undefined) return '';
  return ` Did you mean ${quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last}?`;
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s_.:/-]+/g, '');
}

/**
 * Returns how many letters must be added, dropped, changed, or swapped with the next letter; Infinity if more than
 * `most`.
 */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    [before, last] = [last, row];
  }
  const edits = last[b.length] ?? Number.POSITIVE_INFINITY;
  return edits <= most ? edits : Number.POSITIVE_INFINITY;
}
