import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Condition } from '../../src/db/condition.ts';
import { type KeysetStream, readKeyset } from '../../src/db/read-keyset.ts';
import { type KeyColumn, type KeyPosition, orderBySql } from '../../src/lib/keyset.ts';
import { plansOf } from './plans-of.ts';

/**
 * Few values, so that many rows are equal in all columns except their ids. Some texts sort in another order in
 * JavaScript.
 */
const VALUES = [
  -1,
  0,
  1.5,
  '',
  'B',
  'a',
  'ab',
  'ÿ',
  '\u{1f600}',
  '\u{1f601}',
  '\ue000',
  '\uffff',
  'a\uffff',
  'a\u{1f600}',
];

interface Row {
  id: number;
  a: string | number | null;
  b: string | number | null;
  c: string | number;
}

type ColumnName = 'a' | 'b' | 'c';

interface Question {
  order: KeyColumn[];
  members: (keyof Row)[];
  streams: KeysetStream[];
  limits: number[];
}

const value = fc.constantFrom(...VALUES);
const rows = fc.array(fc.record({ a: fc.option(value, { freq: 3 }), b: fc.option(value, { freq: 3 }), c: value }), {
  maxLength: 60,
  size: 'max',
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  value.map((c) => ({ sql: 'c >= ?', params: [c] })),
  fc.constantFrom(0, 1, 2).map((rest) => ({ sql: 'id % 3 = ?', params: [rest] })),
  fc.constantFrom('a IS NULL', 'b IS NOT NULL', 'true').map((sql) => ({ sql, params: [] })),
);

const stream: fc.Arbitrary<KeysetStream> = fc
  .record({ index: fc.constantFrom('by_a', 'by_c', 'by_c_a'), conditions: fc.array(condition, { maxLength: 2 }) })
  .map(({ index, conditions }) => ({ select: '*', from: `rows INDEXED BY ${index}`, conditions }));

const question: fc.Arbitrary<Question> = fc
  .record({
    columns: fc.shuffledSubarray<ColumnName>(['a', 'b', 'c']),
    directions: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    streams: fc.array(stream, { minLength: 1, maxLength: 4 }),
    limits: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ columns, directions, ...more }) => {
    const members = [...columns, 'id'] as const;
    const order = members.map((sql, n) => ({
      ...{ sql, isDescending: directions[n] ?? false },
      ...((sql === 'a' || sql === 'b') && { canBeNull: true }),
    }));
    return { ...more, members: [...members], order };
  });

function tableOf(given: readonly Omit<Row, 'id'>[]) {
  const sqlite = new SQLite(':memory:');
  sqlite.exec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, a, b, c NOT NULL);
    CREATE INDEX by_a ON rows (a); CREATE INDEX by_c ON rows (c); CREATE INDEX by_c_a ON rows (c, a)`);
  const insert = sqlite.prepare('INSERT INTO rows (a, b, c) VALUES (:a, :b, :c)');
  for (const row of given) insert.run(row);
  return sqlite;
}

/** Returns all rows that a question finds, by one statement without an index. SQLite itself sorts them. */
function scan(sqlite: SQLite.Database, { order, streams }: Question): Row[] {
  const some = streams.map(({ conditions }) => ['true', ...conditions.map(({ sql }) => sql)].join(' AND '));
  const params = streams.flatMap(({ conditions }) => conditions.flatMap((each) => each.params));
  return sqlite
    .prepare<unknown[], Row>(
      `SELECT * FROM rows NOT INDEXED WHERE (${some.join(') OR (')}) ORDER BY ${orderBySql(order)}`,
    )
    .all(...params);
}

function page(sqlite: SQLite.Database, { order, members, streams }: Question, limit: number, after?: KeyPosition) {
  const positionOf = (row: Row): KeyPosition => members.map((member) => row[member]);
  return readKeyset<Row, KeyPosition>(sqlite, { order, streams, positionOf, after, limit });
}

describe('paging by keyset, compared with a scan of the table', () => {
  it('returns every row once and in order, for any directions, NULLs, equal rows and overlapping streams', () => {
    fc.assert(
      fc.property(rows, fc.array(question, { minLength: 1, maxLength: 8 }), (given, questions) => {
        const sqlite = tableOf(given);
        for (const asked of questions) {
          const expected = scan(sqlite, asked);
          const seen: Row[] = [];
          let after: KeyPosition | undefined;
          for (let n = 0; n === 0 || after; n++) {
            const limit = asked.limits[n % asked.limits.length] ?? 1;
            const { rows: found, next } = page(sqlite, asked, limit, after);
            seen.push(...found);
            expect([found.length, next !== undefined]).toEqual([
              Math.min(limit, expected.length + found.length - seen.length),
              seen.length < expected.length,
            ]);
            after = next;
          }
          expect(seen).toEqual(expected);
        }
        sqlite.close();
      }),
      { numRuns: 100 },
    );
  });

  it('continues from a place whose row was removed, as if the row were still there', () => {
    fc.assert(
      fc.property(rows, question, fc.nat(), (given, asked, n) => {
        const sqlite = tableOf(given);
        const all = scan(sqlite, asked);
        const gone = all[n % (all.length || 1)];
        if (gone) {
          sqlite.prepare('DELETE FROM rows WHERE id = ?').run(gone.id);
          const place = asked.members.map((member) => gone[member]);
          const rest = all.slice(all.indexOf(gone) + 1);
          expect(page(sqlite, asked, all.length, place)).toEqual({ rows: rest, next: undefined });
        }
        sqlite.close();
      }),
      { numRuns: 100 },
    );
  });
});

describe('the rows that come after a place', () => {
  it('are found through the index of their order, without sorting, for every direction and value', () => {
    const sqlite = tableOf([]);
    onTestFinished(() => {
      sqlite.close();
    });
    const plans = [true, false].flatMap((isDescending) => {
      const order = [
        { sql: 'a', isDescending, canBeNull: true },
        { sql: 'id', isDescending },
      ];
      const streams = [{ select: '*', from: 'rows INDEXED BY by_a', conditions: [] }];
      const positionOf = ({ a, id }: Row): KeyPosition => [a, id];
      return ['x', null].flatMap((value) =>
        plansOf(sqlite, (watched) =>
          readKeyset<Row, KeyPosition>(watched, { order, streams, positionOf, after: [value, 1], limit: 9 }),
        ),
      );
    });
    const sought = [
      ...['a=? AND rowid<?', 'a<?', 'a=?', 'a=? AND rowid<?'],
      ...['a=? AND rowid>?', 'a>?', 'a=? AND rowid>?', 'a>?'],
    ];
    expect(plans).toEqual(sought.map((by) => `SEARCH rows USING INDEX by_a (${by})`));
  });
});
