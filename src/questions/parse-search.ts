/** The typed text is not a valid search. `position` is the place of the fault, in UTF-16 units from 0. */
export class SearchInvalid extends Error {
  override name = 'SearchInvalid';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const MOST_CHARACTERS = 2000;
const DEEPEST = 50;
/** The characters from which FTS5's unicode61 makes words. A term without any of them would match nothing. */
const WORD_CHARACTER = /[\p{L}\p{N}\p{Co}]/u;
const SPACE = /\s/;

interface Token {
  kind: 'term' | 'AND' | 'OR' | 'NOT' | '(' | ')' | 'end';
  at: number;
  /** A term in FTS5's syntax. */
  match: string;
}

/**
 * Returns the typed text as an FTS5 expression that is always valid: words, "phrases", prefixes (`word*`), AND, OR, NOT
 * in capitals, and parentheses. Terms without an operator between them must all match. NOT binds tighter than AND, and
 * AND tighter than OR. A word with punctuation (10.0.0.1, nginx.service) becomes a phrase of its parts. Throws
 * SearchInvalid.
 */
export function parseSearch(text: string): string {
  if (text.length > MOST_CHARACTERS) {
    throw new SearchInvalid(`The search has more than ${MOST_CHARACTERS} characters.`, MOST_CHARACTERS);
  }
  const tokens = readTokens(text);
  let next = 0;
  let depth = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', at: text.length, match: '' };

  function any(): string {
    const parts = [all()];
    while (peek().kind === 'OR') {
      next += 1;
      parts.push(all());
    }
    return joined(parts, 'OR');
  }

  function all(): string {
    const parts = [without()];
    for (;;) {
      const { kind } = peek();
      if (kind === 'AND') next += 1;
      else if (kind !== 'term' && kind !== '(') return joined(parts, 'AND');
      parts.push(without());
    }
  }

  function without(): string {
    const kept = one();
    const dropped: string[] = [];
    while (peek().kind === 'NOT') {
      next += 1;
      dropped.push(one());
    }
    return dropped.length > 0 ? `(${kept} NOT ${joined(dropped, 'OR')})` : kept;
  }

  function one(): string {
    const token = peek();
    next += 1;
    if (token.kind === 'term') return token.match;
    if (token.kind !== '(') throw new SearchInvalid(expected(token), Math.min(token.at, text.length));
    depth += 1;
    if (depth > DEEPEST) throw new SearchInvalid(`Parentheses are nested more than ${DEEPEST} deep.`, token.at);
    const inner = any();
    if (peek().kind !== ')') throw new SearchInvalid('The parenthesis is not closed.', token.at);
    next += 1;
    depth -= 1;
    return inner;
  }

  const expression = any();
  const rest = peek();
  if (rest.kind !== 'end') throw new SearchInvalid(expected(rest), rest.at);
  return expression;
}

function joined(parts: readonly string[], operator: 'AND' | 'OR'): string {
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${operator} `)})`;
}

function expected({ kind, at }: Token): string {
  if (kind === 'end') return at === 0 ? 'Write a word.' : 'A word or a phrase is needed at the end.';
  if (kind === ')')
    return 'A closing parenthesis is in the place of a word, or there is no opening parenthesis before it.';
  return `${kind} needs a word or a phrase before and after it. To search for the word itself, write it in lower case.`;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let groups = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '\0') throw new SearchInvalid('A NUL character cannot be searched for.', at);
    if (SPACE.test(character)) {
      at += 1;
    } else if (character === '(' || (character === ')' && groups > 0)) {
      groups += character === '(' ? 1 : -1;
      tokens.push({ kind: character, at, match: '' });
      at += 1;
    } else if (character === '"') {
      const end = endOfPhrase(text, at);
      const isPrefix = text.charAt(end) === '*';
      tokens.push(term(text.slice(at + 1, end - 1).replaceAll('""', '"'), at, isPrefix));
      at = isPrefix ? end + 1 : end;
    } else {
      const end = endOfWord(text, at, groups);
      const word = text.slice(at, end);
      if (word === 'AND' || word === 'OR' || word === 'NOT') tokens.push({ kind: word, at, match: '' });
      else tokens.push(term(word.replace(/\*$/, ''), at, word.endsWith('*')));
      at = end;
    }
  }
  return tokens;
}

function term(content: string, at: number, isPrefix: boolean): Token {
  if (content.includes('\0')) throw new SearchInvalid('A NUL character cannot be searched for.', at);
  if (!WORD_CHARACTER.test(content)) {
    throw new SearchInvalid('A term needs a letter or a digit: only words are searched, not their punctuation.', at);
  }
  return { kind: 'term', at, match: `"${content.replaceAll('"', '""')}"${isPrefix ? '*' : ''}` };
}

/** Returns the place after the closing quote. Two quotes in a row are one quote in the phrase. */
function endOfPhrase(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text.charAt(i) !== '"') continue;
    if (text.charAt(i + 1) !== '"') return i + 1;
    i += 1;
  }
  throw new SearchInvalid('The quote is not closed.', start);
}

/** A parenthesis within a word belongs to the word, as in main(), unless it closes an open group. */
function endOfWord(text: string, start: number, groups: number): number {
  let own = 0;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (SPACE.test(character) || character === '"' || character === '\0') return i;
    if (character === '(') own += 1;
    if (character !== ')') continue;
    if (own > 0) own -= 1;
    else if (groups > 0) return i;
  }
  return text.length;
}
