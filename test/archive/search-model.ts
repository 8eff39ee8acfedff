/** A full-text search as a tree of words. */
export type Search =
  | { kind: 'word' | 'beginning'; text: string }
  | { kind: 'phrase'; words: readonly string[] }
  | { kind: 'AND' | 'OR' | 'NOT'; left: Search; right: Search };

/** The search in FTS5's language. */
export function expressionOf(search: Search): string {
  if ('left' in search) return `(${expressionOf(search.left)} ${search.kind} ${expressionOf(search.right)})`;
  if ('words' in search) return `"${search.words.join(' ')}"`;
  return search.kind === 'word' ? `"${search.text}"` : `"${search.text}"*`;
}

/** Whether a text matches the search: words are runs of letters and digits, without regard to case and accents. */
export function matchesSearch(text: string, search: Search): boolean {
  if ('left' in search) {
    const left = matchesSearch(text, search.left);
    const right = matchesSearch(text, search.right);
    if (search.kind === 'AND') return left && right;
    return search.kind === 'OR' ? left || right : left && !right;
  }
  const words = wordsOf(text);
  if ('words' in search) {
    const wanted = search.words.map(plain);
    return words.some((_, at) => wanted.every((word, n) => words[at + n] === word));
  }
  const wanted = plain(search.text);
  return words.some((word) => (search.kind === 'word' ? word === wanted : word.startsWith(wanted)));
}

const known = new Map<string, readonly string[]>();

function wordsOf(text: string): readonly string[] {
  let words = known.get(text);
  if (!words) {
    words = plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
    known.set(text, words);
  }
  return words;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
