import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { EngineToAsk } from './engine-to-ask.ts';
import { printedDdl, statementsOf } from './printed-ddl.ts';

export const DUCKDB: EngineToAsk = {
  title: 'DuckDB',
  folder: `it's "q" \`b\` %41 $\{HOME} env=x ;-- é\u{1f680} #&[a]*?{b}`,
  missing: undefined,
  async ask(lake, questions) {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    try {
      for (const statement of statementsOf(printedDdl('duckdb', lake))) await connection.run(statement);
      await connection.run('USE ssm_archive');
      const answers = [];
      for (const question of questions) {
        const reader = await connection.runAndReadAll(question);
        answers.push(reader.getRows().map((row) => row.map(plain)));
      }
      return answers;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  },
};

function plain(value: DuckDBValue): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
