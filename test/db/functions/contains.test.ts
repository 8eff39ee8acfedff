import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFunctions } from '../../../src/db/functions/add-functions.ts';
import { decodeOutput } from '../../../src/lib/text/decode-output.ts';
import { DEFAULT_OUTPUT_BYTES } from '../../../src/model/outputs/full-output.ts';

const sqlite = new SQLite(':memory:');
addFunctions(sqlite);
const ask = (name: string) => {
  const statement = sqlite.prepare<[unknown, unknown], number | null>(`SELECT ${name}(?, ?)`).pluck();
  return (text: unknown, part: unknown) => statement.get(text, part);
};
const contains = ask('contains');
const containsText = ask('contains_text');

/** Returns the text as it arrives in JSON: bytes that are not UTF-8 are U+FFFD. */
const sent = (text: string, { mark = false, isBig = false } = {}) => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return (isBig ? bytes.swap16() : bytes).toString('utf8');
};

describe('contains', () => {
  it('finds a part exactly as it is, even after a NUL, where LIKE and length() stop', () => {
    expect(contains('a\0b error c', 'error')).toBe(1);
    expect(sqlite.prepare("SELECT ? LIKE '%error%'").pluck().get('a\0b error c')).toBe(0);
    expect([contains('Error', 'error'), contains('x', ''), contains('', 'x'), contains('a\0b', '\0b')]).toEqual([
      0, 1, 0, 1,
    ]);
    expect([contains(null, 'x'), contains('x', null)]).toEqual([null, null]);
    // The pattern characters of LIKE and GLOB have no special meaning.
    expect([contains('100%', '%'), contains('abc', 'a%c'), contains('abc', 'a?c')]).toEqual([1, 0, 0]);
  });

  it('agrees with JavaScript’s includes for any texts', () => {
    const unit = fc.constantFrom('a', 'b', 'A', '\0', '%', '_', 'é', '🚀');
    const text = fc.string({ unit, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.string({ unit, maxLength: 2 }), (whole, part) => {
        expect(contains(whole, part)).toBe(whole.includes(part) ? 1 : 0);
        const small = (one: string) => one.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
        if (small(whole).includes(small(part))) expect(containsText(whole, part)).toBe(1);
      }),
    );
  });

  it('accepts texts as long as outputs are by default and parts of ten thousand characters, and refuses longer ones', () => {
    expect(contains('x'.repeat(DEFAULT_OUTPUT_BYTES), 'y')).toBe(0);
    for (const of of [contains, containsText]) {
      expect(() => of('x'.repeat(DEFAULT_OUTPUT_BYTES + 1), 'y')).toThrow(
        'takes texts of at most 1048576 characters, and this one has 1048577. A piece of a longer output is ',
      );
      expect(() => of('x', 'y'.repeat(10_001))).toThrow('parts of at most 10000');
    }
  });
});

describe('contains_text', () => {
  it('ignores the case of A to Z, but not of other letters', () => {
    expect([containsText('An ERROR', 'error'), containsText('an error', 'ERROR'), containsText('É', 'é')]).toEqual([
      1, 1, 0,
    ]);
    // The Kelvin sign and the long s are not letters from A to Z.
    expect([containsText('\u212a', 'k'), containsText('\u017f', 's')]).toEqual([0, 0]);
    expect([containsText('a.b', 'a.b'), containsText('axb', 'a.b'), containsText('[x]+\\', '[X]+\\')]).toEqual([
      1, 0, 1,
    ]);
    expect([containsText(null, 'x'), containsText('x', null)]).toEqual([null, null]);
  });

  it.each([{}, { mark: true }, { isBig: true }, { isBig: true, mark: true }])(
    'finds text that was written as UTF-16: %j',
    (form) => {
      const output = sent('The command completed with an Error.\r\nÜberlauf: 5 %\r\n', form);
      for (const part of ['an error', 'completed with', 'berlauf: 5 %', 'Error.\r\n'])
        expect(containsText(output, part), part).toBe(1);
      for (const part of ['errors', 'er ror']) expect(containsText(output, part), part).toBe(0);
      expect(contains(output, 'an Error')).toBe(0);
      // UTF-16 in only a part of the output, as when one of several programs writes UTF-16; or only in the error
      // stream.
      expect(containsText(`begin\n${output}\nend of it\n`, 'an error')).toBe(1);
      expect(containsText(`all is well\n----------ERROR-------\n${output}`, 'an error')).toBe(1);
      expect(containsText(`${output.slice(0, -1)}\n---Output truncated---`, 'an error')).toBe(1);
    },
  );

  it('finds letters beyond ASCII if their bytes were not lost', () => {
    for (const mark of [false, true])
      expect(containsText(sent('Файл не найден, file not found', { mark }), 'не найден')).toBe(1);
    expect(containsText(sent('Файл не найден', { mark: true }), 'Файл')).toBe(1);
  });

  it('decodes only text that is UTF-16', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        (text) => {
          expect(decodeOutput(text)).toBe(text);
        },
      ),
    );
    expect(decodeOutput('find -print0:\0./a\0./b\0')).toBe('find -print0:\0./a\0./b\0');
  });

  it('returns an INTEGER in SQL, as a condition does', () => {
    const sql = "SELECT typeof(contains('a', 'a')) || typeof(contains_text('a', 'b'))";
    expect(sqlite.prepare(sql).pluck().get()).toBe('integerinteger');
  });

  it('is deterministic, so SQLite may use it in an index or as a constant', () => {
    const rows = sqlite
      .prepare("SELECT name, flags & 0x800 AS d FROM pragma_function_list WHERE name LIKE 'contains%'")
      .all();
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatchObject({ d: 0x800 });
  });
});
