import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// DuckDB alone, over tables that the printed statements make: it has no bounds, and no process of its own for a question.
const { statements } = readInput(z.object({ statements: z.array(z.string()) }));
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
for (const statement of [...statements, 'USE ssm_archive']) await connection.run(statement);

answerParent(
  async (request) => {
    const questions = z.array(z.string()).parse(request);
    const [answers, seconds]: [unknown[], number[]] = [[], []];
    for (const question of questions) {
      const begin = performance.now();
      const rows = (await connection.runAndReadAll(question)).getRows();
      seconds.push((performance.now() - begin) / 1000);
      answers.push(rows.map((row) => row.map(plain)));
    }
    return { answers, seconds };
  },
  () => {
    connection.closeSync();
    instance.closeSync();
  },
);

function plain(value: DuckDBValue): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
