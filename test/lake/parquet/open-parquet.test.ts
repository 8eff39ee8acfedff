import { join } from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import { expect, it } from 'vitest';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import { openWriter } from '../../../src/lake/parquet/open-writer.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const TEXTS = ['\ufeffa file that PowerShell wrote', '\ufeff', '\ufeff\ufeffa', 'a\ufeff', 'a\0b', '', 'é🎉'];

it('a text that begins with a byte order mark is read from a file of the lake with it', async () => {
  const folder = tempFolder();
  const path = join(folder, 'a.parquet');
  const writer = await openWriter(await loadDuckDb(), folder);
  await writer.write(path, {
    rows: TEXTS.map((text) => Buffer.from(text)),
    ...{ rowMark: '#', unpacking: (table: string) => `SELECT packed AS text FROM ${table}` },
    ...{ mostValues: Number.MAX_SAFE_INTEGER, metadata: { table: 'a' } },
  });
  writer.close();
  const file = await openParquet(await asyncBufferFromFile(path));
  const texts: unknown[] = [];
  for await (const [text] of file.read()) texts.push(text);
  expect(texts).toEqual(TEXTS);
  const columns: unknown[] = [];
  for await (const group of file.columnGroups()) columns.push(...Array.from(group.columns[0] ?? []));
  expect(columns).toEqual(TEXTS);
});
