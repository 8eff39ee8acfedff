import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeViews } from '../../../src/lake/sql/describe-views.ts';
import { readSchemaPage } from '../../../src/questions/sql/read-schema-page.ts';
import { knowTests } from '../../on-test-end.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { lakeSqlTrial } from './lake-sql-trial.ts';

knowTests();

const Answer = z.object({ columns: z.array(z.object({ name: z.string(), type: z.string() })) });

it('Each view of the lake has the columns and types that are listed for it, and each column is described', async () => {
  const { sqlite, lake } = await sealedArchive({ sealed: 1, invocations: 60 });
  const { answer } = lakeSqlTrial(sqlite.name, lake);
  const views = describeViews(sqlite, readSchemaPage());
  for (const { name, columns } of views) {
    const { json } = await answer('lake', `SELECT * FROM ${name} LIMIT 0`);
    const listed = columns.map((column) => ({ name: column.name, type: column.type }));
    expect([name, listed]).toEqual([name, Answer.parse(JSON.parse(json)).columns]);
  }
  const bare = views.flatMap(({ name, description, columns }) => [
    ...(description === '' ? [name] : []),
    ...columns.filter((column) => column.description === '').map((column) => `${name}.${column.name}`),
  ]);
  expect(bare).toEqual([]);
});
