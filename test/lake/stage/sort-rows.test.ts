import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createRowOrder } from '../../../src/lake/stage/create-row-order.ts';
import { type Parts, sortRows } from '../../../src/lake/stage/sort-rows.ts';
import type { LakeColumn, LakeRow, LakeTable } from '../../../src/lake/tables/lake-table.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const COLUMNS: LakeColumn[] = [
  ...['text', 'account_id', 'region', 'instance_id'].map((name): LakeColumn => ({ name, type: 'VARCHAR' })),
  { name: 'position', type: 'BIGINT' },
];
const ORDER = ['account_id', 'region', 'instance_id', 'position'];
const TABLE: LakeTable = { name: 'any', from: '', hot: () => [], order: ORDER };
const NODES = ['i-1', 'i-\u{1f680}', 'i-\uffee', 'i-é', 'i-2', 'mi-9', 'I-1', ''];

function rowsOf(count: number, characters: number): LakeRow[] {
  return Array.from({ length: count }, (_, n): LakeRow => {
    const node = NODES[(n * 7) % NODES.length] ?? '';
    return [`${n}\n\0"`.padEnd(characters, 'x'), `11112222333${n % 2}`, 'eu-west-1', node, (n * 7919) % 10_007];
  });
}

function sorted(rows: readonly LakeRow[], parts: Parts): { rows: LakeRow[]; seen: number; left: string[] } {
  const folder = tempFolder();
  let seen = 0;
  const found = sortRows({
    ...{ rows, columns: COLUMNS, order: createRowOrder(TABLE, COLUMNS), parts, folder },
    onRow() {
      seen += 1;
    },
  });
  return { rows: [...found], seen, left: readdirSync(folder) };
}

/** The order of the bytes of UTF-8, which SQLite and DuckDB have. */
function expected(rows: readonly LakeRow[]): LakeRow[] {
  const key = (row: LakeRow) => Buffer.from([row[1], row[2], row[3], String(row[4]).padStart(6, '0')].join('\0'));
  return [...rows].sort((a, b) => Buffer.compare(key(a), key(b)));
}

it('rows of a day come in the order of the bytes of their keys, whether they wait in memory or in the files of many parts', () => {
  const parts: Parts = [
    ['111122223330', 'eu-west-1', 'i-2'],
    ['111122223330', 'eu-west-1', 'i-\u{1f680}'],
    ['111122223331', 'eu-west-1', 'I-1'],
  ];
  const rows = rowsOf(4000, 200);
  for (const of of [[], parts]) expect(sorted(rows, of)).toEqual({ rows: expected(rows), seen: 4000, left: [] });
});

it('a part that is too large to be read at once is sorted by the places of its rows', () => {
  const rows = rowsOf(45, 1_000_000);
  expect(sorted(rows, []).rows.map((row) => row[4])).toEqual(expected(rows).map((row) => row[4]));
});
