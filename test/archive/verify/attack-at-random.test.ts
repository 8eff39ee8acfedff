import SQLite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAttacker, type BuiltArchive, buildArchive, opened, verifyInProcess } from './attacked-archive.ts';
import { columnsOf, duplicateRow, isCovered, rowsOf, tablesOf } from './tables.ts';

interface Attack {
  /** The numbers of the attacked table, row, column and bit. Each number wraps around. */
  table: number;
  row: number;
  column: number;
  bit: number;
  how: 'change' | 'null' | 'delete' | 'duplicate';
  up: boolean;
}

let archive: BuiltArchive;
let tables: string[];
beforeAll(async () => {
  archive = await buildArchive(9);
  const sqlite = opened(archive);
  tables = tablesOf(sqlite).filter((table) => isCovered(table) && rowsOf(sqlite, table).length > 0);
  sqlite.close();
});
afterAll(() => archive.remove());

const attacks = fc.record<Attack>({
  table: fc.nat(1000),
  row: fc.nat(100_000),
  column: fc.nat(1000),
  bit: fc.nat(1_000_000),
  how: fc.constantFrom('change', 'change', 'change', 'null', 'delete', 'duplicate'),
  up: fc.boolean(),
});

function pick<Item>(items: readonly Item[], n: number): Item {
  const item = items[n % items.length];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

function flipped(bytes: Buffer, bit: number): Buffer {
  if (bytes.length === 0) return Buffer.from('!');
  const at = Math.floor(bit / 8) % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit % 8)), at);
  return bytes;
}

/** Makes the change and returns a description of it; undefined if the table does not accept the change. */
function carryOut(sqlite: Database, attack: Attack): string | undefined {
  const table = pick(tables, attack.table);
  const row = pick(rowsOf(sqlite, table), attack.row);
  const { column, type } = pick(
    columnsOf(sqlite, table).filter(({ column }) => isCovered(table, column)),
    attack.column,
  );
  const name = `${attack.how} ${table}.${column} of row ${row}`;
  const before = sqlite.prepare<[number], unknown>(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck().get(row);
  const set = (value: unknown, form = '?') =>
    sqlite.prepare(`UPDATE ${table} SET ${column} = ${form} WHERE rowid = ?`).run(value, row);
  try {
    if (attack.how === 'delete') sqlite.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(row);
    else if (attack.how === 'duplicate') duplicateRow(sqlite, table, row);
    else if (attack.how === 'null' && before !== null) set(null);
    else if (type === 'INTEGER') set((typeof before === 'number' ? before : 0) + (attack.up ? 1 : -1));
    else if (type === 'BLOB') set(flipped(Buffer.isBuffer(before) ? before : Buffer.alloc(1), attack.bit));
    else set(flipped(Buffer.from(typeof before === 'string' ? before : ''), attack.bit), 'CAST(? AS TEXT)');
  } catch (error) {
    // NOT NULL and unique columns restrict an attacker too.
    if (error instanceof SQLite.SqliteError && /^SQLITE_(CONSTRAINT|MISMATCH)/.test(error.code)) return undefined;
    throw error;
  }
  return name;
}

describe('a changed value, an added row or a removed row in any table', () => {
  it('is found, in some hundred random attacks', () => {
    const attacked = new Set<string>();
    fc.assert(
      fc.property(attacks, (attack) => {
        const sqlite = opened(archive);
        try {
          const done = asAttacker(sqlite, () => carryOut(sqlite, attack));
          fc.pre(done !== undefined);
          const { verdict, faults } = verifyInProcess(sqlite);
          if (verdict !== 'not-intact' || faults.length === 0) throw new Error(`Not found: ${done}`);
          attacked.add(pick(tables, attack.table));
        } finally {
          sqlite.close();
        }
      }),
      { numRuns: 600 },
    );
    expect([...attacked].sort()).toEqual(tables);
    const sqlite = opened(archive);
    expect(verifyInProcess(sqlite)).toMatchObject({ verdict: 'consistent', faults: [] });
    sqlite.close();
  });
});
