import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type EngineName, printDdl } from '../../src/lake/ddl/print-ddl.ts';
import { packageVersion } from '../../src/lib/process/package-root.ts';
import { CHDB, PYSPARK } from '../../test/deploy/tools.mjs';
import { statementsOf } from '../../test/engines/asked/printed-ddl.ts';
import { runPython } from '../../test/engines/python.ts';
import { startChild } from './start-child.ts';

/** The rows of each question, and the seconds that it took. */
const Asked = z.object({ answers: z.array(z.array(z.array(z.unknown()))), seconds: z.array(z.number()) });
export type Asked = z.output<typeof Asked>;

/** The tables that the questions name. */
const TABLES = ['invocations', 'plugins'];
const never = new AbortController().signal;

/**
 * Engines that read a lake without the product, with the statements that `ssm-archive lake ddl` prints. Each starts,
 * answers the questions one after another, and ends. `path` is where the engine is, if it may be missing.
 */
export const ENGINES: Readonly<
  Record<string, { path?: string; ask(lake: string, questions: readonly string[], folder: string): Promise<Asked> }>
> = {
  DuckDB: {
    async ask(lake, questions, folder) {
      const child = await startChild(folder, 'ask-duckdb', { statements: statementsOf(ddl('duckdb', lake)) });
      const asked = await child.ask(questions, Asked);
      await child.end();
      return asked;
    },
  },
  ClickHouse: {
    path: CHDB.path,
    ask: async (lake, questions) =>
      Asked.parse(await python('clickhouse.py', CHDB.path, { ddl: ddl('clickhouse', lake), questions })),
  },
  'Spark, two workers': {
    path: PYSPARK.path,
    async ask(lake, questions, folder) {
      const own = join(folder, `spark-${Math.random()}`);
      mkdirSync(own);
      const task = { statements: statementsOf(ddl('spark', lake)), questions, folder: own, isBrief: false };
      return Asked.parse(await python('spark.py', PYSPARK.path, task));
    },
  },
};

function python(script: string, packages: string, task: unknown): Promise<unknown> {
  return runPython({ signal: never }, script, packages, task);
}

function ddl(engine: EngineName, location: string): string {
  return printDdl(engine, { location, tables: TABLES, version: packageVersion() }).join('\n');
}
