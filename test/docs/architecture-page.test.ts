import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFINED } from '../confined.ts';
import { ROOMS } from '../rooms.ts';

/** A row of the page's table of rooms. */
interface Row {
  room: string;
  imports: string[];
  types: string[];
}

/** The cells of the table under a heading, row by row. */
function tableUnder(page: string, heading: string): string[][] {
  const lines = page.split('\n');
  const start = lines.indexOf(heading);
  const after = start < 0 ? [] : lines.slice(start + 2);
  const end = after.findIndex((line) => !line.startsWith('|'));
  return after.slice(0, end).map((line) => line.slice(2, -2).split(' | '));
}

/** The names that a cell marks as code. */
const namesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The rows of the table of rooms, in order. */
function readRooms(page: string): Row[] {
  const rows = tableUnder(page, '| room | what is in it | imports (whole) | types only |');
  return rows.map(([room = '', , imports = '', types = '']) => ({
    ...{ room: room.replaceAll('`', ''), imports: namesIn(imports), types: namesIn(types) },
  }));
}

const sorted = (rows: readonly Row[]) =>
  new Map(rows.map(({ room, imports, types }) => [room, { imports: imports.toSorted(), types: types.toSorted() }]));

/** A room's imports that the table lists below that room, or not at all. */
function upwards(rows: readonly Row[]): string[] {
  return rows.flatMap(({ room, imports, types }, place) => {
    const above = rows.slice(0, place).map((row) => row.room);
    return [...imports, ...types].filter((name) => !above.includes(name)).map((name) => `${room} imports ${name}`);
  });
}

const page = readFileSync('docs/architecture.md', 'utf8');
const rows = readRooms(page);

describe('docs/architecture.md', () => {
  it('has a row for every room, with what the room may import, and no other row', () => {
    const rooms = Object.entries(ROOMS).map(([room, { imports, types = [] }]) => ({
      ...{ room, imports: [...imports], types: [...types] },
    }));
    expect(Object.fromEntries(sorted(rows))).toEqual(Object.fromEntries(sorted(rooms)));
    expect(rows.length).toBe(rooms.length);
  });

  it('lists each room below all rooms that it imports', () => {
    expect(upwards(rows)).toEqual([]);
  });

  it('names everything that is confined, with its places, and nothing else', () => {
    const told = tableUnder(page, '| what | only in |').map(([what, places = '']) => ({ what, to: namesIn(places) }));
    expect(told).toEqual(CONFINED.map(({ what, to }) => ({ what, to: to.map((place) => `src/${place}`) })));
  });
});

describe('a planted fault in the table is found:', () => {
  const table = (...cells: string[]) =>
    ['| room | what is in it | imports (whole) | types only |', '| --- | --- | --- | --- |', ...cells, ''].join('\n');

  it('a room that imports another room below it', () => {
    const planted = readRooms(table('| `lib` | x | `db` | none |', '| `db` | x | none | none |'));
    expect(planted).toEqual([
      { room: 'lib', imports: ['db'], types: [] },
      { room: 'db', imports: [], types: [] },
    ]);
    expect(upwards(planted)).toEqual(['lib imports db']);
  });

  it('an import of types from a room that does not exist', () => {
    const planted = readRooms(table('| `lib` | x | none | none |', '| `db` | x | `lib` | `gone` |'));
    expect(upwards(planted)).toEqual(['db imports gone']);
  });
});
