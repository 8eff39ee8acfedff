import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sealedArchive } from '../lake/sealed-archive.ts';
import { lakeSqlTrial } from '../lake/sql/lake-sql-trial.ts';

/** The rows of the table in docs/sql.md that says what differs: SQL, what each engine makes of it, SQL for both. */
function differences(): string[][] {
  const page = readFileSync('docs/sql.md', 'utf8');
  const [, table = ''] = page.split('| SQL | archive | lake | in both |\n| --- | --- | --- | --- |\n');
  return (
    table
      .split('\n\n')[0]
      ?.split('\n')
      .map((line) =>
        line
          .replaceAll('\\|', '\0')
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.replaceAll('\0', '|').trim().replace(/^`|`$/g, '')),
      ) ?? []
  );
}

it('the table of what differs between the engines says what each of them really answers, and what means the same', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 60 });
  const { answer } = lakeSqlTrial(archive.sqlite.name, archive.lake);
  const told = async (engine: 'archive' | 'lake', sql: string) =>
    answer(engine, `SELECT ${sql}`).then(
      ({ json }) => /"rows":\[\[(.*)\]\],/.exec(json)?.[1],
      () => 'an error',
    );
  const rows = differences();
  expect(rows.length).toBeGreaterThan(15);
  const found: string[][] = [];
  for (const [sql = '', , , both = ''] of rows)
    found.push([sql, (await told('archive', sql)) ?? '', (await told('lake', sql)) ?? '', both]);
  expect(found).toEqual(rows);
  for (const [sql, , , both = ''] of rows) {
    if (both === '') continue;
    const [first, second] = [await told('archive', both), await told('lake', both)];
    expect([sql, both, second]).toEqual([sql, both, first]);
    expect(first).not.toBe('an error');
  }
});
