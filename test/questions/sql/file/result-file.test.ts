import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../../src/lib/columns/column-file.ts';
import { FILE_FORMATS, type FileFormat } from '../../../../src/lib/media-types.ts';
import { columnTypeOf } from '../../../../src/processes/sql/column-type-of.ts';
import { type FileValue, fitValue } from '../../../../src/questions/sql/file/file-value.ts';
import { loadColumnFile } from '../../../../src/questions/sql/file/load-column-file.ts';
import { createResultFile } from '../../../../src/questions/sql/file/result-file.ts';
import { SqlFault } from '../../../../src/questions/sql/sql-fault.ts';
import { readArrow, readByDuckDb, readParquet } from '../../../lib/columns/read-columns.ts';

interface Written {
  chunks: Uint8Array[];
  bytes: Uint8Array;
}

interface Asked {
  names: string[];
  types?: ColumnType[];
  declared?: (string | undefined)[];
  metadata?: Record<string, string>;
}

/** Writes rows as a query's process does. */
async function write(
  format: FileFormat,
  asked: Asked,
  rows: Iterable<FileValue[]>,
  chunks: Uint8Array[] = [],
): Promise<Written> {
  const file = createResultFile({
    create: await loadColumnFile(format),
    names: asked.names,
    typeOf: (n, values) => asked.types?.[n] ?? columnTypeOf(asked.declared?.[n], values),
    metadata: new Map(Object.entries(asked.metadata ?? {})),
    push: (chunk) => void chunks.push(chunk.slice()),
  });
  for (const row of rows) file.add(row);
  file.end();
  return { chunks, bytes: Buffer.concat(chunks) };
}

const read = { parquet: readParquet, arrow: async (bytes: Uint8Array) => readArrow(bytes) };

/** A value as a reader must return it. */
function asRead(type: ColumnType, value: FileValue): unknown {
  const cell = fitValue(type, value);
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

const HOSTILE: FileValue[][] = [
  [9007199254740993n, -0, 'a\0b', Buffer.from([0, 255])],
  [-9223372036854775808n, Number.NaN, '', new Uint8Array(0)],
  [9223372036854775807n, Number.POSITIVE_INFINITY, 'é🎉\u202e', Buffer.from('text')],
  [null, null, null, null],
  [0n, 0, '"\'\r\n;=1+1', Buffer.from([0, 255])],
  [0n, Number.NEGATIVE_INFINITY, 'a\0b', null],
  [1n, 5e-324, '\ufeff', Buffer.alloc(3)],
  [1n, 1.7976931348623157e308, 'null', Buffer.from('é')],
];

describe('a file of rows', () => {
  it.each(FILE_FORMATS)('has each value without any change, as %s', async (format) => {
    const names = ['n', 'x', 't', 'b'];
    const { bytes } = await write(format, { names, metadata: { 'ssm-archive-engine': 'archive' } }, HOSTILE);
    const found = await read[format](bytes);
    const kinds: ColumnType[] = [{ kind: 'integer' }, { kind: 'real' }, { kind: 'text' }, { kind: 'bytes' }];
    expect(found).toMatchObject({ names, metadata: { 'ssm-archive-engine': 'archive' }, batches: [HOSTILE.length] });
    expect(found.rows).toEqual(
      HOSTILE.map((row) => row.map((value, n) => asRead(kinds[n] ?? { kind: 'text' }, value))),
    );
    // Both are 0 for a reader who does not look at the sign.
    expect(Object.is(found.rows[0]?.[1], -0)).toBe(true);
    expect(Object.is(found.rows[4]?.[1], 0)).toBe(true);
  });

  it('keeps the sign of a zero in Parquet, however often it is repeated', async () => {
    const rows = Array.from({ length: 5000 }, (_, n): FileValue[] => [n % 2 ? -0 : 0]);
    const { bytes } = await write('parquet', { names: ['x'] }, rows);
    for (const found of [await readParquet(bytes), await readByDuckDb(bytes)])
      expect(found.rows.every(([value], n) => Object.is(value, n % 2 ? -0 : 0))).toBe(true);
  });

  it('has U+FFFD for half of a surrogate pair, as UTF-8 and JSON over HTTP have', async () => {
    const rows: FileValue[][] = [['\ud800'], ['a\udc00b'], ['\ud83c\udf89']];
    for (const format of FILE_FORMATS) {
      const { bytes } = await write(format, { names: ['t'] }, rows);
      expect((await read[format](bytes)).rows).toEqual([['\ufffd'], ['a\ufffdb'], ['🎉']]);
    }
  });

  it('has 300,000 rows in batches, each written before the next is read', async () => {
    const count = 300_000;
    const rowOf = (n: number): FileValue[] => [BigInt(n), n % 7 === 0 ? null : `node ${n % 1000}`, n / 3];
    for (const format of FILE_FORMATS) {
      let most = 0;
      let given = 0;
      const written = await write(
        format,
        { names: ['n', 't', 'x'] },
        (function* () {
          for (; given < count; given++) yield rowOf(given);
        })(),
      );
      for (const chunk of written.chunks) most = Math.max(most, chunk.length);
      expect(most).toBeLessThan(2_000_000);
      const { rows, batches } = await read[format](written.bytes);
      expect(batches).toEqual(Array.from({ length: 15 }, () => 20_000));
      expect(rows.length).toBe(count);
      expect(rows.findIndex((row, n) => String(row) !== String(rowOf(n)))).toBe(-1);
    }
  });

  it('begins a new batch before large texts take much memory', async () => {
    const rows = Array.from({ length: 40 }, (_, n): FileValue[] => [String(n).repeat(500_000)]);
    for (const format of FILE_FORMATS) {
      const { batches, rows: found } = await read[format]((await write(format, { names: ['t'] }, rows)).bytes);
      expect(batches.length).toBeGreaterThan(2);
      expect(found).toEqual(rows);
    }
  });

  it('without rows has its columns, with the declared types, and text where nothing says more', async () => {
    const asked = { names: ['n', 'x', 't', 'b', 'e'], declared: ['INTEGER', 'REAL', 'TEXT', 'BLOB', undefined] };
    const arrow = readArrow((await write('arrow', asked, [])).bytes);
    expect(arrow).toMatchObject({
      names: asked.names,
      types: ['Int64', 'Float64', 'Utf8', 'Binary', 'Utf8'],
      rows: [],
    });
    const { bytes } = await write('parquet', asked, []);
    expect(await readParquet(bytes)).toMatchObject({ names: asked.names, rows: [], batches: [] });
    expect((await readByDuckDb(bytes)).types).toEqual(['BIGINT', 'DOUBLE', 'VARCHAR', 'BLOB', 'VARCHAR']);
  });

  it('has a column of text if all of its values are NULL', async () => {
    const { bytes } = await write('parquet', { names: ['e'] }, [[null], [null]]);
    expect(await readByDuckDb(bytes)).toEqual({ names: ['e'], types: ['VARCHAR'], rows: [[null], [null]] });
  });

  it('gives a second column of the same name another one, as NDJSON does, and one to a column without', async () => {
    for (const format of FILE_FORMATS) {
      const { bytes } = await write(format, { names: ['n', 'n', 'a.b', 'n_2', ''] }, [[1n, 2n, 3n, 4n, 5n]]);
      const found = await read[format](bytes);
      expect([found.names, found.rows]).toEqual([['n', 'n_2', 'a.b', 'n_2_2', 'column_5'], [[1n, 2n, 3n, 4n, 5n]]]);
    }
  });

  it('has all digits of a decimal number', async () => {
    const types: ColumnType[] = [
      { kind: 'decimal', precision: 5, scale: 2 },
      { kind: 'decimal', precision: 38, scale: 10 },
    ];
    const texts = [
      ['-1.05', '-1234567890123456789012345678.0123456789'],
      ['0.00', '0.0000000001'],
      ['999.99', '9999999999999999999999999999.9999999999'],
    ];
    const rows = [...texts.map((row) => row.map((text) => ({ text }))), [null, null]];
    const parquet = await readByDuckDb((await write('parquet', { names: ['a', 'b'], types }, rows)).bytes);
    expect(parquet).toMatchObject({ types: ['DECIMAL(5,2)', 'DECIMAL(38,10)'], rows: [...texts, [null, null]] });
    const arrow = readArrow((await write('arrow', { names: ['a', 'b'], types }, rows)).bytes);
    expect(arrow.types).toEqual(['Decimal[5e+2]', 'Decimal[38e+10]']);
    expect(arrow.rows.map((row) => row.map((words) => wholeOf(words)))).toEqual([
      ...texts.map((row) => row.map((text) => BigInt(text.replace('.', '')))),
      [null, null],
    ]);
  });

  it('mixes whole and other numbers of SQLite as doubles, if no digit is lost by that', async () => {
    const { bytes } = await write('parquet', { names: ['x'] }, [[null], [1n], [0.5], [-9007199254740992n]]);
    expect(await readByDuckDb(bytes)).toMatchObject({
      types: ['DOUBLE'],
      rows: [[null], [1], [0.5], [-9007199254740992]],
    });
  });

  it('cut anywhere is taken for whole by no reader', async () => {
    const rows = Array.from({ length: 50_000 }, (_, n): FileValue[] => [BigInt(n), `row ${n}`]);
    for (const format of FILE_FORMATS) {
      const { bytes, chunks } = await write(format, { names: ['n', 't'] }, rows);
      let at = 0;
      const ends = chunks.map((chunk) => (at += chunk.length)).slice(0, -1);
      for (const end of [...ends, bytes.length - 1, bytes.length - 4, bytes.length - 8, Math.floor(bytes.length / 2)]) {
        const opened = async () =>
          format === 'parquet' ? readParquet(bytes.subarray(0, end)) : readArrow(bytes.subarray(0, end));
        await expect(opened(), `${format} cut at ${end} of ${bytes.length}`).rejects.toThrow();
      }
    }
  });
});

describe('a value that does not fit into its column', () => {
  it('is refused before any byte of the file, if it is in the first batch', async () => {
    for (const format of FILE_FORMATS) {
      const chunks: Uint8Array[] = [];
      await expect(write(format, { names: ['x'] }, [[1n], ['a']], chunks)).rejects.toThrow(SqlFault);
      expect([format, chunks]).toEqual([format, []]);
    }
  });

  const refusal = async (asked: Asked, rows: Iterable<FileValue[]>) => {
    const messages: string[] = [];
    for (const format of FILE_FORMATS) {
      const error = await write(format, asked, rows).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof SqlFault)) throw new Error(`${format} was written, or failed otherwise: ${error}`);
      messages.push(error.message);
    }
    expect(new Set(messages).size).toBe(1);
    return messages[0];
  };

  it('is refused with its row, its column, and what to write', async () => {
    expect(
      await refusal({ names: ['a', 'x'] }, [
        [1n, 1n],
        [2n, null],
        [3n, 'three'],
      ]),
    ).toBe(
      'Row 3 has text in the column "x", which has whole numbers in the rows before it; a column of such a file has one type. Write CAST(… AS TEXT) around it in the query.',
    );
    expect(await refusal({ names: ['x'] }, [['a'], [Buffer.from('b')]])).toContain('Row 2 has bytes in the column "x"');
    expect(await refusal({ names: ['x'] }, [['a'], [1.5]])).toContain('Row 2 has a number with a fraction');
  });

  it('is refused in a later batch too, with the number of its row in the whole answer', async () => {
    const rows = (first: FileValue, later: FileValue) =>
      Array.from({ length: 20_002 }, (_, n): FileValue[] => [n === 20_001 ? later : first]);
    expect(await refusal({ names: ['x'] }, rows(1n, 0.5))).toContain(
      'Row 20002 has a number with a fraction in the column "x", which has whole numbers in the rows before it',
    );
    expect(await refusal({ names: ['x'] }, rows(null, 5n))).toBe(
      'Row 20002 has a whole number in the column "x", which has only NULL in the rows before it; a column of such a file has one type. Write CAST(… AS INTEGER) around it in the query.',
    );
  });

  it('is refused if it is a whole number that would lose digits', async () => {
    expect(await refusal({ names: ['s'], types: [{ kind: 'integer' }] }, [[2n ** 63n]])).toBe(
      'Row 1 has 9223372036854775808 in the column "s", and a whole number of such a file has 64 bits at most. Write CAST(… AS TEXT), which keeps all digits, or CAST(… AS DOUBLE) around it in the query.',
    );
    expect(await refusal({ names: ['x'] }, [[0.5], [9007199254740993n]])).toContain('Row 2 has 9007199254740993 in');
  });
});

const VALUE_OF = {
  integer: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  real: fc.double(),
  text: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes): FileValue => bytes),
} as const;
const table = fc
  .array(fc.constantFrom<keyof typeof VALUE_OF>('integer', 'real', 'text', 'bytes'), { minLength: 1, maxLength: 5 })
  .chain((kinds) => {
    const row = fc.tuple(
      ...kinds.map((kind): fc.Arbitrary<FileValue> => fc.option<FileValue>(VALUE_OF[kind], { freq: 5 })),
    );
    return fc.record({
      kinds: fc.constant(kinds),
      rows: fc.array(row, { maxLength: 60 }),
      repeats: fc.integer({ min: 1, max: 5 }),
    });
  });

it('any rows come back from both forms as they were', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ kinds, rows, repeats }) => {
      const all = Array.from({ length: repeats }, () => rows).flat();
      const types = kinds.map((kind): ColumnType => ({ kind }));
      const asked = { names: kinds.map((_, n) => `c${n}`), types };
      const expected = all.map((row) => row.map((value, n) => asRead(types[n] ?? { kind: 'text' }, value)));
      for (const format of FILE_FORMATS) {
        const { bytes } = await write(format, asked, all);
        expect((await read[format](bytes)).rows).toEqual(expected);
      }
      expect((await readByDuckDb((await write('parquet', asked, all)).bytes)).rows).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

/** The whole number in a value of Arrow, which is four words of 32 bits. */
function wholeOf(words: unknown): bigint | null {
  if (!(words instanceof Uint32Array)) return null;
  return BigInt.asIntN(
    128,
    words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
  );
}
