import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { addFunctions, FUNCTION_MACROS } from '../../../src/lake/sql/add-functions.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';

it('where DuckDB is not installed, sealing says what to install and that the container image has it', async () => {
  const missing = () => Promise.reject(new Error("Cannot find package '@duckdb/node-api'"));
  const fault = await loadDuckDb(missing).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(UserFault);
  expect(fault).toMatchObject({ exitCode: 2, message: expect.stringContaining('npm install @duckdb/node-api') });
});

it('the container image has the DuckDB with which the tests run, and the package asks for it without needing it', () => {
  const { devDependencies, dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const version = devDependencies['@duckdb/node-api'];
  expect(readFileSync('deploy/container/Dockerfile', 'utf8')).toContain(` @duckdb/node-api@${version}\n`);
  expect(dependencies).not.toHaveProperty('@duckdb/node-api');
  expect(peerDependencies).toEqual({ '@duckdb/node-api': '*' });
  expect(peerDependenciesMeta).toEqual({ '@duckdb/node-api': { optional: true } });
});

it('a text of DuckDB keeps the byte order mark with which it begins, in a column, in a list and in a function of ours', async () => {
  const duckDb = await loadDuckDb();
  const instance = await duckDb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  addFunctions(duckDb, connection);
  for (const macro of FUNCTION_MACROS) await connection.run(macro);
  const reader = await connection.runAndReadAll(
    "SELECT chr(65279) || 'a', [chr(65279)], contains_text(chr(65279) || chr(0), chr(65279) || chr(0))",
  );
  expect(JSON.stringify(reader.getRowsJson())).toBe('[["\ufeffa",["\ufeff"],true]]');
  connection.closeSync();
  instance.closeSync();
});
