import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { LakeView } from '../hot/lake-view.ts';
import { type DuckDb, loadDuckDb } from '../parquet/load-duckdb.ts';
import { quoted } from '../read/from-files.ts';
import { addFunctions, FUNCTION_MACROS } from './add-functions.ts';
import { MADE_VIEWS, viewStatements } from './lake-views.ts';

/** DuckDB over the files of one view of the lake, with settings that no query can change. */
export interface LakeEngine {
  duckDb: DuckDb;
  view: LakeView;
  /** The names that a query may read from. */
  tables: ReadonlySet<string>;
  /** Opens a connection for one query. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

const MOST_THREADS = 2;
const MIB = 1024 * 1024;

/**
 * Opens DuckDB in memory over the files of a view. It reads these files and no others, writes none, loads no extension,
 * and keeps these settings until it is closed. Throws UserFault that says what to install where DuckDB is missing.
 */
export async function openEngine(viewPath: string, memoryBytes: number): Promise<LakeEngine> {
  const duckDb = await loadDuckDb();
  const view = LakeView.parse(JSON.parse(await readFile(viewPath, 'utf8')));
  const instance = await duckDb.DuckDBInstance.create(':memory:', {
    ...{ threads: String(Math.min(MOST_THREADS, cpus().length)), memory_limit: `${Math.floor(memoryBytes / MIB)}MiB` },
    // Nothing is written: what does not fit into memory is refused.
    temp_directory: '',
    ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
    ...{ allow_community_extensions: 'false', allow_unsigned_extensions: 'false' },
  });
  const connection = await instance.connect();
  const paths = [
    ...view.tables.flatMap(({ hot, sealed }) => [...hot, ...sealed]),
    ...(view.hotIds ? [view.hotIds] : []),
  ];
  await connection.run(`SET GLOBAL allowed_paths = [${paths.map(quoted).join(', ')}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  // A query opens the same files again and again; their footers are read once.
  await connection.run('SET GLOBAL parquet_metadata_cache = true');
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  addFunctions(duckDb, connection);
  for (const statement of [...FUNCTION_MACROS, ...viewStatements(view)]) await connection.run(statement);
  await connection.run('SET GLOBAL lock_configuration = true');
  connection.closeSync();
  return {
    ...{ duckDb, view },
    tables: new Set([...view.tables.map(({ name }) => name), ...MADE_VIEWS]),
    connect: () => instance.connect(),
    close: () => instance.closeSync(),
  };
}
