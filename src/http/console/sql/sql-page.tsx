import type { TableDescription } from '../../../archive/file/describe-schema.ts';
import type { SqlEngine } from '../../../questions/sql/sql-engine.ts';
import { EngineChoice } from '../parts/sql/engine-choice.tsx';
import { RowLimit } from '../parts/sql/row-limit.tsx';
import { SchemaList } from './schema-list.tsx';

/** The question of the page, exactly as it was typed. */
export interface AskedBySql {
  sql: string;
  /** The values of the SQL's parameters, by their names with the sign, as in `:from`; undefined for a missing value. */
  values: Readonly<Record<string, string | undefined>>;
  limit: number;
  engine: SqlEngine;
}

interface SqlContent {
  asked: AskedBySql;
  tables: readonly TableDescription[];
  /** What the lake can be asked for; undefined if there is no lake. */
  ofLake: readonly TableDescription[] | undefined;
  /** The first day from which answers are whole; undefined if nothing can be missing. */
  wholeFrom: string | undefined;
}

/** `/sql`: a form for a question, and the tables that it can read. */
export function SqlPage({ asked, tables, ofLake, wholeFrom }: SqlContent) {
  return (
    <>
      <h1>SQL</h1>
      <div class="workbench">
        <form method="get" action="/sql" id="ask" aria-label="Ask by SQL">
          <div id="editor">
            <label for="sql">Question: one SELECT, in the SQL of {ofLake ? 'the engine' : 'SQLite'}</label>
            <textarea
              id="sql"
              name="sql"
              rows={9}
              required
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              aria-describedby="sql-help"
            >
              {asked.sql}
            </textarea>
          </div>
          <p id="sql-help" class="quiet">
            It can only read. <code>:name</code> stands for a value that is asked for below.
          </p>
          <Values values={asked.values} />
          <p class="bar">
            <button class="main" type="submit">
              Run
            </button>
            <button type="submit" name="explain" value="plan">
              Explain
            </button>
            <button type="submit" formaction="/sql/save" formmethod="post">
              Save as a report
            </button>
            {ofLake && <EngineChoice engine={asked.engine} />}
            <RowLimit limit={asked.limit} />
          </p>
        </form>
        <div>
          <SchemaList title="Tables and columns" tables={tables} wholeFrom={wholeFrom} />
          {ofLake && <SchemaList title="Tables and columns of the lake" tables={ofLake} wholeFrom={undefined} />}
        </div>
      </div>
    </>
  );
}

/**
 * A field for each parameter of the SQL. Its name begins with the parameter's sign, so that no other field can have the
 * same name.
 */
function Values({ values }: Pick<AskedBySql, 'values'>) {
  return (
    <div id="values" class="values">
      {Object.entries(values).map(([name, value]) => (
        <label>
          <code>{name}</code>
          <input name={name} value={value ?? ''} autocomplete="off" spellcheck={false} />
        </label>
      ))}
    </div>
  );
}

const LAST_DAYS = (days: number) => `requested_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${days} days')`;

const EXAMPLES = [
  [
    'Invocations by day',
    `SELECT substr(requested_at, 1, 10) AS day, count(*) AS invocations\n  FROM invocations\n WHERE ${LAST_DAYS(30)}\n GROUP BY day\n ORDER BY day`,
  ],
  [
    'What failed, by document',
    `SELECT document_name, status_details, count(*) AS invocations\n  FROM invocations\n WHERE status IN ('Failed', 'TimedOut') AND ${LAST_DAYS(7)}\n GROUP BY 1, 2\n ORDER BY invocations DESC`,
  ],
  [
    'The slowest steps of the last day',
    `SELECT document_name, plugin_name, instance_id, duration_ms / 1000.0 AS seconds\n  FROM plugin_runs\n WHERE ${LAST_DAYS(1)}\n ORDER BY duration_ms DESC\n LIMIT 20`,
  ],
  [
    'Steps with given words in their output',
    'SELECT requested_at, instance_id, plugin_name, output\n  FROM plugin_runs\n WHERE output_id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH :words)\n LIMIT 50',
  ],
] as const;

/** Shown instead of a result if there is no question yet. */
export function SqlExamples() {
  return (
    <section id="result" aria-label="Result">
      <p>Questions to begin with:</p>
      <ul class="examples">
        {EXAMPLES.map(([name, sql]) => (
          <li>
            <a href={`/sql?${new URLSearchParams({ sql })}`}>{name}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The page for a caller without the role `sql`. */
export function SqlRefusal({ name, role }: { name: string; role: string }) {
  return (
    <>
      <h1>SQL</h1>
      <p class="note">
        To ask your own SQL, you need the role <code>sql</code>, and “{name}” has <code>{role}</code>.{' '}
        <a href="/reports">Reports</a> are questions that any reader may ask.
      </p>
    </>
  );
}
