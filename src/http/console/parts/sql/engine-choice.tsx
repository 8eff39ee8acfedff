import { NO_LAKE_HERE } from '../../../../processes/sql/ready-engine.ts';
import { SQL_ENGINES, type SqlEngine, USUAL_ENGINE } from '../../../../questions/sql/sql-engine.ts';
import type { AskedFault } from '../questions/asked-faults.ts';

const LABEL = 'Engine';
const NAMES: Readonly<Record<SqlEngine, string>> = {
  archive: 'SQLite: rows of the archive’s file',
  lake: 'DuckDB: sealed and all other days',
};

/** Reads from the page's address which engine a question is for. */
export function readEngine(
  typed: string | undefined,
  hasLake: boolean,
): { engine: SqlEngine; faults: readonly AskedFault[] } {
  if (typed === undefined || typed === '') return { engine: USUAL_ENGINE, faults: [] };
  const engine = SQL_ENGINES.find((one) => one === typed);
  const message = engine === undefined ? `must be one of ${SQL_ENGINES.join(', ')}` : NO_LAKE_HERE;
  if (engine !== undefined && (engine === USUAL_ENGINE || hasLake)) return { engine, faults: [] };
  return { engine: USUAL_ENGINE, faults: [{ parameter: 'engine', label: LABEL, message }] };
}

/** The form field for the engine of a question. */
export function EngineChoice({ engine }: { engine: SqlEngine }) {
  return (
    <label>
      {LABEL}
      <select name="engine">
        {SQL_ENGINES.map((one) => (
          <option value={one} selected={one === engine}>
            {NAMES[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
