import { loadDuckDb } from '../parquet/load-duckdb.ts';
import { type LakeEngine, openEngine } from './open-engine.ts';

/** Keeps the engine of the view that was asked last, since most questions are about the same one. */
export interface KeptEngine {
  engineOf(asked: { view: string; engineBytes: number }): Promise<LakeEngine>;
}

export function keepEngine(): KeptEngine {
  let kept: { view: string; engine: LakeEngine } | undefined;
  return {
    async engineOf({ view, engineBytes }) {
      if (kept?.view === view) return kept.engine;
      kept?.engine.close();
      kept = undefined;
      const engine = await openEngine(view, engineBytes);
      kept = { view, engine };
      return engine;
    },
  };
}

/**
 * Loads DuckDB and runs a first query, so that what the process takes when idle contains it. If DuckDB is missing, the
 * first question says so.
 */
export async function warmUpEngine(): Promise<void> {
  try {
    const { DuckDBInstance } = await loadDuckDb();
    const instance = await DuckDBInstance.create(':memory:', { temp_directory: '' });
    const connection = await instance.connect();
    await connection.runAndReadAll("SELECT json_serialize_sql('SELECT 1')");
    connection.closeSync();
    instance.closeSync();
  } catch {}
}
