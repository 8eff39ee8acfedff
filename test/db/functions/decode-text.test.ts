import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { addFunctions } from '../../../src/db/functions/add-functions.ts';
import { DEFAULT_OUTPUT_BYTES } from '../../../src/model/outputs/full-output.ts';
import { textOfBytes } from '../../../src/model/outputs/output-encoding.ts';

const sqlite = new SQLite(':memory:');
addFunctions(sqlite);
const decode = (text: string) => sqlite.prepare('SELECT decode_text(?)').pluck().get(text);

it('decode_text takes a whole output of the default limit, in every encoding', () => {
  for (const bytes of [
    Buffer.alloc(DEFAULT_OUTPUT_BYTES, 'größer '),
    Buffer.alloc(DEFAULT_OUTPUT_BYTES, Buffer.from('wide', 'utf16le')),
    Buffer.alloc(DEFAULT_OUTPUT_BYTES, 0x80),
  ])
    expect(String(decode(textOfBytes(bytes).text)).length).toBeGreaterThan(DEFAULT_OUTPUT_BYTES / 3);
  // As the service shows UTF-16: each byte is a character of its own.
  expect(decode('a\0'.repeat(DEFAULT_OUTPUT_BYTES / 2))).toBe('a'.repeat(DEFAULT_OUTPUT_BYTES / 2));
});

it('decode_text refuses a longer text, and says how to read a piece of it', () => {
  const long = 'x'.repeat(DEFAULT_OUTPUT_BYTES + 5);
  expect(() => decode(long)).toThrow(/this one has 1048581\. A piece of a longer output is /);
  const piece = 'CAST(substr(CAST(text AS BLOB), 1, 1000000) AS TEXT)';
  const sql = `WITH o (text) AS (SELECT ?) SELECT decode_text(${piece}) FROM o`;
  expect(sqlite.prepare(sql).pluck().get(long)).toBe('x'.repeat(1_000_000));
});
