import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRowCounter } from '../../../src/cli/sql/count-rows.ts';
import { describeFault } from '../../../src/cli/sql/describe-fault.ts';
import { parseParams } from '../../../src/cli/sql/parse-params.ts';
import { parseServerUrl, parseToken } from '../../../src/cli/sql/parse-server.ts';
import { readQueryText } from '../../../src/cli/sql/read-query-text.ts';
import { visibleStream } from '../../../src/cli/text/visible-stream.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import { tempFolder } from '../../db/temp-archive.ts';

async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}
const typed = (...texts: (string | Uint8Array)[]) => Object.assign(chunks(...texts), { isTTY: false });
async function joined(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

describe('parameters', () => {
  it('are numbers only if they are written exactly as a number is printed', () => {
    const given = ['a=5', 'b=-1.5', 'c=012345678901', 'd=9007199254740993', 'e=1.0', 'f=', 'g==x=y', 'h=null', 'i=NaN'];
    expect(parseParams([...given, ':j', 'k=Infinity', 'l=1e+21'])).toEqual({
      ...{ a: 5, b: -1.5, c: '012345678901', d: '9007199254740993', e: '1.0', f: '', g: '=x=y', h: 'null', i: 'NaN' },
      ...{ j: null, k: 'Infinity', l: 1e21 },
    });
  });

  it('are bound by position if their names are numbers', () => {
    expect(parseParams(['2=b', '1', '3=3'])).toEqual([null, 'b', 3]);
    expect(parseParams([])).toEqual({});
  });

  it.each([[['a=1', 'a=2']], [['1=a', 'b=2']], [['1=a', '3=b']], [['0=a']], [['']], [[':=1']]])(
    '%j are refused',
    (given) => {
      expect(() => parseParams(given)).toThrow(UserFault);
    },
  );
});

describe('the query', () => {
  it('comes from the argument, a file, or standard input', async () => {
    const file = join(tempFolder(), 'a.sql');
    writeFileSync(file, '\ufeffSELECT 1 -- é\n');
    expect(await readQueryText('SELECT 2', undefined, typed())).toBe('SELECT 2');
    expect(await readQueryText(undefined, file, typed())).toBe('SELECT 1 -- é\n');
    const halves = [Buffer.from('SELECT é').subarray(0, 8), Buffer.from('é').subarray(1)];
    expect(await readQueryText(undefined, undefined, typed(...halves))).toBe('SELECT é');
    expect(await readQueryText('-', undefined, typed('SELECT 3'))).toBe('SELECT 3');
    expect(await readQueryText(undefined, '-', typed('SELECT 4'))).toBe('SELECT 4');
  });

  it('is refused if it is missing, given twice, too long or not text', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'ansi.sql'), Buffer.from("SELECT 'é'", 'latin1'));
    const refused = (call: Promise<string>, sentence: RegExp) => expect(call).rejects.toThrow(sentence);
    await refused(readQueryText('SELECT 1', 'a.sql', typed()), /given twice/);
    await refused(
      readQueryText(undefined, undefined, { ...typed(), isTTY: true, [Symbol.asyncIterator]: chunks }),
      /There is no query/,
    );
    await refused(readQueryText(undefined, undefined, typed(' \n')), /Standard input is empty/);
    await refused(readQueryText(undefined, join(folder, 'sub'), typed()), /sub is a folder, not a file\.$/);
    await refused(readQueryText(undefined, join(folder, 'ansi.sql'), typed()), /is not text in UTF-8/);
    await refused(readQueryText('x'.repeat(1_000_001), undefined, typed()), /too long/);
    const endless = async function* () {
      for (;;) yield Buffer.alloc(1_000_000);
    };
    await refused(readQueryText('-', undefined, Object.assign(endless(), { isTTY: false })), /too long/);
  });
});

describe('a fault', () => {
  const at = (sql: string, column: number, width = 80, line = 1) =>
    describeFault(
      sql,
      new SqlFault('no such column: x', { kind: 'sql', position: { offset: 1, line, column } }),
      width,
    );

  it('is shown with its line of SQL and a caret under the position', () => {
    expect(at('SELECT 1,\r\n\tx FROM runs\r\n', 2, 80, 2)).toEqual([
      ...['no such column: x (line 2, column 2)', '   x FROM runs', '   ^'],
    ]);
    expect(at("SELECT '日本', x", 14)).toEqual([
      ...['no such column: x (line 1, column 14)', "  SELECT '日本', x", '                 ^'],
    ]);
  });

  it('shows only the part of a long line that fits', () => {
    const [, line = '', caret = ''] = at(`SELECT ${'a, '.repeat(100)}x, ${'b, '.repeat(100)}`, 308, 60);
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line.charAt(caret.indexOf('^'))).toBe('x');
  });

  it('shows nothing of the SQL that would control the terminal', () => {
    expect(at("SELECT '\x1b[2J', x", 17).join('')).not.toContain('\x1b');
  });
});

describe('a server', () => {
  it('has an address that may have a path, but no password', () => {
    expect(parseServerUrl('http://127.0.0.1:8420').href).toBe('http://127.0.0.1:8420/');
    expect(parseServerUrl('https://a.example/archive?x=1#y').href).toBe('https://a.example/archive/');
    for (const text of ['a.example', 'ftp://a.example', 'http://u:p@a.example', ''])
      expect(() => parseServerUrl(text)).toThrow(UserFault);
  });

  it('is sent the token as it was printed, and never a token that would break a header', () => {
    expect([parseToken(' ssm_a\n'), parseToken(undefined)]).toEqual(['ssm_a', undefined]);
    for (const text of ['', 'a b', 'a\r\nX: y', 'é'])
      expect(() => parseToken(text)).toThrow(/The token is empty or has/);
  });
});

describe('a download', () => {
  it('has its rows counted across chunks; line ends in quotes do not count as rows', () => {
    const count = createRowCounter('csv');
    expect([
      count(Buffer.from('a,b\r')),
      count(Buffer.from('\n1,"x\n""')),
      count(Buffer.from('\n"\r\n2,\r\n')),
    ]).toEqual([0, 0, 2]);
    expect(createRowCounter('ndjson')(Buffer.from('{"a":"\\""}\n{}\n'))).toBe(2);
  });

  it('never controls the terminal, whatever its cells contain and wherever its chunks end', async () => {
    const euro = Buffer.from('€');
    const csv = visibleStream(chunks('a\r', '\n\x1b[2J', euro.subarray(0, 1), euro.subarray(1), '\r\u202e\r\n'), 'csv');
    expect(await joined(csv)).toBe('a\n\\x1b[2J€\\r\\u202e\n');
    expect(await joined(visibleStream(chunks('{"a":"\u009b"}\n'), 'ndjson'))).toBe('{"a":"\\u009b"}\n');
  });
});
