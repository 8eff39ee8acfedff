import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlTokens } from '../../../src/questions/sql/sql-tokens.ts';

/** Returns tokens as `kind text`, without white space. */
function cut(sql: string): string[] {
  return [...sqlTokens(sql)].filter(({ kind }) => kind !== 'space').map(({ kind, text }) => `${kind} ${text}`);
}

describe('a text is cut into the same tokens as by SQLite', () => {
  it.each<[sql: string, ...tokens: string[]]>([
    ['SELECT a.b, 1;', 'word SELECT', 'word a', 'operator .', 'word b', 'operator ,', 'number 1', 'operator ;'],
    ["'it''s' ''", "string 'it''s'", "string ''"],
    ['"a""b" `c``d` [e"f]', 'quoted "a""b"', 'quoted `c``d`', 'quoted [e"f]'],
    ["'a''", "illegal 'a''"],
    ['"a', 'illegal "a'],
    ['[a', 'illegal [a'],
    ['-- :a\n:b', 'comment -- :a', 'parameter :b'],
    ['/* :a */:b/* ', 'comment /* :a */', 'parameter :b', 'comment /* '],
    ['/*/ :a', 'comment /*/ :a'],
    ['/**/1', 'comment /**/', 'number 1'],
    ['/*', 'operator /', 'operator *'],
    ['#a # #1a', 'parameter #a', 'illegal #', 'illegal #1a'],
    ['/* a /* b */ c */', 'comment /* a /* b */', 'word c', 'operator *', 'operator /'],
    ['? ?12a', 'parameter ?', 'parameter ?12', 'word a'],
    [':a @b1 $c$d', 'parameter :a', 'parameter @b1', 'parameter $c$d'],
    [':1', 'parameter :1'],
    [': @ $ #1', 'illegal :', 'illegal @', 'illegal $', 'illegal #1'],
    [':a::b', 'parameter :a', 'illegal :', 'parameter :b'],
    ['a:b', 'word a', 'parameter :b'],
    ['a$b', 'word a$b'],
    ["x'0aF1' X''", "blob x'0aF1'", "blob X''"],
    ["x'0' x'0g1' y", "illegal x'0'", "illegal x'0g1'", 'word y'],
    ["x'0 1", "illegal x'0 1"],
    ["x 'a' ax'00'", 'word x', "string 'a'", 'word ax', "string '00'"],
    ['1 1.5 .5 1. 1e9 1.e-9 1E+9', ...['1', '1.5', '.5', '1.', '1e9', '1.e-9', '1E+9'].map((n) => `number ${n}`)],
    ['0x1F 1_000 0xa_b 1__0', 'number 0x1F', 'number 1_000', 'number 0xa_b', 'illegal 1__0'],
    ['1_ 1_.5 1._5 1_e5 1e1_0', 'illegal 1_', 'illegal 1_.5', 'illegal 1._5', 'illegal 1_e5', 'number 1e1_0'],
    ['1e 1e+ 0x 1a 0xg', 'illegal 1e', 'illegal 1e', 'operator +', 'illegal 0x', 'illegal 1a', 'illegal 0xg'],
    ['1.2.3', 'number 1.2', 'number .3'],
    ['a->b->>c', ...['word a', 'operator ->', 'word b', 'operator ->>', 'word c']],
    [
      '<= <> << < >= >> > == = != || | & ~ % * /',
      ...'<= <> << < >= >> > == = != || | & ~ % * /'.split(' ').map((text) => `operator ${text}`),
    ],
    ['! ^ \\ { } ]', ...'! ^ \\ { } ]'.split(' ').map((text) => `illegal ${text}`)],
    ['é\u00a0b日本 :é', 'word é\u00a0b日本', 'parameter :é'],
    ['\ufeffSELECT\ufeff', 'word SELECT\ufeff'],
    ["1\0' --", 'number 1', "illegal \0' --"],
    ["'a\0'", "illegal 'a", "illegal \0'"],
    [' \v1', 'number 1'],
    ['\v1', 'illegal \v', 'number 1'],
    ['', ...[]],
  ])('it has the expected tokens: %j', (sql, ...tokens) => {
    expect(cut(sql)).toEqual(tokens);
  });

  it('each token has its place in the text', () => {
    expect([...sqlTokens("🚀 'a'")]).toEqual([
      { kind: 'word', text: '🚀', start: 0, end: 2 },
      { kind: 'space', text: ' ', start: 2, end: 3 },
      { kind: 'string', text: "'a'", start: 3, end: 6 },
    ]);
  });
});

/** Texts made of pieces that change how the text after them is read. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '[',
        ']',
        '--',
        '/*',
        '*/',
        '\n',
        ' ',
        ':',
        ':a',
        '@b',
        '$c',
        '?',
        '?1',
        "x'",
        '0a',
      ),
      fc.constantFrom('1', '.', 'e', '+', '-', '0x', '_', '\0', '\v', '\ufeff', 'é', '\ud800', ';', '->', '!', '='),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

describe('in any text', () => {
  it('the joined tokens are the text again, and no token is empty', () => {
    fc.assert(
      fc.property(hostile, (sql) => {
        const tokens = [...sqlTokens(sql)];
        expect(tokens.map(({ text }) => text).join('')).toBe(sql);
        let end = 0;
        for (const token of tokens) {
          expect(token.start).toBe(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('an extra space between two tokens does not change them', () => {
    fc.assert(
      fc.property(hostile, (sql) => {
        const tokens = [...sqlTokens(sql)];
        // A comment that runs to the end of its line, and a token that runs to the end of the text, would include the
        // space.
        fc.pre(!tokens.some(({ kind }) => kind === 'illegal' || kind === 'comment'));
        const known = tokens.filter(({ kind }) => kind !== 'space');
        expect(cut(known.map(({ text }) => text).join(' '))).toEqual(known.map(({ kind, text }) => `${kind} ${text}`));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compared with SQLite itself', () => {
  const sqlite = new SQLite(':memory:');
  const space = fc.constantFrom(' ', '\n', '/* :no */', '-- :no\n', '/*/ "*/', '\t/**/', " -- '\n");
  const inner = fc.string({
    unit: fc.constantFrom(':a', "'", '"', '`', ']', '--', '/*', '*/', ' ', '\n', '?', 'é'),
    maxLength: 8,
  });
  const name = fc.string({ unit: fc.constantFrom('a', 'B', '_', '1', '$', 'é'), minLength: 1, maxLength: 4 });
  const value = fc.oneof(
    inner.map((text) => ({ kind: 'string', sql: `'${text.replaceAll("'", "''")}'` })),
    inner.map((text) => ({ kind: 'quoted', sql: `1 AS "${text.replaceAll('"', '""')}"` })),
    inner.map((text) => ({ kind: 'quoted', sql: `1 AS \`${text.replaceAll('`', '``')}\`` })),
    inner.map((text) => ({ kind: 'quoted', sql: `1 AS [${text.replaceAll(']', '')}]` })),
    fc.tuple(fc.constantFrom(':', '@', '$'), name).map(([prefix, text]) => ({ kind: 'parameter', sql: prefix + text })),
    fc.constantFrom('1.5e-3', '.5', '0x1F', '1_0').map((sql) => ({ kind: 'number', sql })),
    fc.constantFrom("x'00fF'", "X''").map((sql) => ({ kind: 'blob', sql })),
  );

  it('a statement has exactly the parameters that were found in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, space), { minLength: 1, maxLength: 8 }), (values) => {
        const sql = `SELECT ${values.map(([{ sql }, gap]) => `${gap}${sql}${gap}`).join(',')}`;
        const tokens = [...sqlTokens(sql)];
        expect(tokens.filter(({ kind }) => kind === 'illegal')).toEqual([]);
        const found = tokens.filter(({ kind }) => kind === 'parameter').map(({ text }) => text.slice(1));
        expect(found).toHaveLength(values.filter(([{ kind }]) => kind === 'parameter').length);
        const statement = sqlite.prepare(sql);
        const bound = Object.fromEntries(found.map((name) => [name, 1]));
        if (found.length === 0) statement.get();
        else statement.get(bound);
        for (const name of new Set(found)) {
          const { [name]: _left, ...others } = bound;
          expect(() => statement.get(others)).toThrow(/Missing named parameter/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('exactly the tokens that SQLite does not recognize have the kind "illegal"', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '`',
      '[',
      ']',
      'a',
      '1',
      '.',
      'e',
      'x',
      '0',
      '_',
      '$',
      ':',
      '@',
      '#',
      '!',
      '=',
    );
    const more = fc.constantFrom('^', '{', '\\', '\v', ' ', 'é', '\ufeff', '--', '/*', '*/', '\n', '-', '>', '|', '+');
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(pieces, more), minLength: 1, maxLength: 6 }), (text) => {
        // The parser stops at the first token that it can't use, so only its messages about tokens count.
        const illegal = [...sqlTokens(`SELECT ${text}`)].flatMap((t) => (t.kind === 'illegal' ? [t.text] : []));
        const complaint = complaintOf(`SELECT ${text}`);
        const unrecognized = /^unrecognized token: "([\s\S]*)"$/.exec(complaint)?.[1];
        if (unrecognized !== undefined) expect(illegal).toContain(unrecognized);
        if (complaint === '') expect(illegal).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  function complaintOf(sql: string): string {
    try {
      sqlite.prepare(sql);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
});

describe('a text of ten megabytes', () => {
  const MB = 100_000;
  it.each([
    ["'", 10 * MB],
    ["''", 5 * MB],
    ["'a", 5 * MB],
    ['/*', 5 * MB],
    ['/*/', 3 * MB],
    ['-', 10 * MB],
    ['[', 10 * MB],
    ['`"', 5 * MB],
    ["x'", 5 * MB],
    ["x'0", 3 * MB],
    [':', 10 * MB],
    ['1', 10 * MB],
    ['1e', 5 * MB],
    ['a', 10 * MB],
    ['a ', 5 * MB],
    ['\v', 10 * MB],
  ])('is cut into tokens in seconds if it repeats %j', { timeout: 20_000 }, (piece, times) => {
    let length = 0;
    for (const { text } of sqlTokens(piece.repeat(times))) length += text.length;
    expect(length).toBe(piece.length * times);
  });
});
