import { z } from 'zod';
import { describeSchema } from '../../../archive/file/describe-schema.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { planOfAnswer } from '../../../questions/sql/plan-tree.ts';
import { readSchemaPage } from '../../../questions/sql/read-schema-page.ts';
import { PLAN_OF_ARCHIVE, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { namedParameters } from '../../../questions/sql/sql-parameters.ts';
import { writtenValue } from '../../../questions/sql/written-value.ts';
import { takenBy } from '../addresses/page-addresses.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, linkedTo } from '../console-deps.ts';
import { guardRole } from '../frame/guard-role.tsx';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage } from '../frame/respond-page.tsx';
import { type AskedFault, faultsOfNames } from '../parts/questions/asked-faults.ts';
import { NotRun } from '../parts/questions/not-run.tsx';
import { readEngine } from '../parts/sql/engine-choice.tsx';
import { PlanResult } from '../parts/sql/query-plan.tsx';
import { downloadsOfSql, QueryResult } from '../parts/sql/result-grid.tsx';
import { readLimit } from '../parts/sql/row-limit.tsx';
import { answerProgressively } from './answer-progressively.tsx';
import { type AskedBySql, SqlExamples, SqlPage, SqlRefusal } from './sql-page.tsx';

const MOST_SQL = 1_000_000;

/** Forms send line ends as CR LF. Nobody typed the CR, so it is removed. */
const Sql = z
  .string()
  .transform((text) => text.replaceAll('\r\n', '\n'))
  .pipe(
    z
      .string()
      .max(MOST_SQL)
      .refine((text) => text.isWellFormed()),
  );

const PAGE = { title: 'SQL', section: '/sql', script: 'sql.js', style: 'sql.css' } as const;

/** `/sql`: any question, for the role sql. */
export function addSqlRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const schemaPage = readSchemaPage();
  guardRole(app, deps, {
    paths: ['/sql', '/sql/*'],
    needed: 'sql',
    page: { title: 'SQL', section: '/sql' },
    refusal: (caller) => <SqlRefusal name={caller?.name ?? 'nobody'} role={caller?.role ?? 'none'} />,
  });

  app.get('/sql', (c) => {
    const { faults, ...asked } = readAsked(c.req.queries(), deps.sql.lake !== undefined);
    const tables = describeSchema(deps.archive, schemaPage);
    const ofLake = deps.sql.lake?.describe(deps.archive, schemaPage);
    const head = <SqlPage {...{ asked, tables, ofLake }} wholeFrom={wholeFrom(deps.archive)} />;
    if (faults.length > 0) return respondNotUnderstood(deps, c, PAGE, { faults, form: head });
    if (asked.sql.trim() === '')
      return respondPage(
        deps,
        c,
        PAGE,
        <>
          {head}
          <SqlExamples />
        </>,
      );
    const linked = linkedTo(c);
    if (linked)
      return respondPage(
        deps,
        c,
        PAGE,
        <>
          {head}
          <NotRun {...linked} isRunAbove />
        </>,
      );
    const params = paramsOf(asked, deps.now().getTime());
    const isPlan = c.req.query('explain') !== undefined;
    return answerProgressively(deps, c, PAGE, {
      query: { sql: asked.sql, engine: asked.engine, params, limit: asked.limit, isPlan },
      head,
      render(answer) {
        const steps = isPlan ? planOfAnswer(answer) : undefined;
        if (steps) return <PlanResult steps={steps} />;
        return <QueryResult answer={answer} downloads={downloadsOfSql(asked.sql, params, asked.engine)} />;
      },
    });
  });
}

/**
 * Reads the question from an address: the SQL, the values of its parameters and the limit. Any other parameter of the
 * address would have no effect, so it is refused.
 */
function readAsked(
  queries: Record<string, string[]>,
  hasLake: boolean,
): AskedBySql & { faults: readonly AskedFault[] } {
  const read = Sql.safeParse(queries.sql?.[0] ?? '');
  const sql = read.data ?? '';
  const { limit, faults: ofLimit } = readLimit(queries.limit?.[0]);
  const { engine, faults: ofEngine } = readEngine(queries.engine?.[0], hasLake);
  const explain = queries.explain?.[0] ?? 'plan';
  const faults = [
    ...(read.success ? [] : [{ parameter: 'sql', message: `must be text of at most ${MOST_SQL} characters` }]),
    ...(explain === 'plan' ? [] : [{ parameter: 'explain', message: 'must be plan or absent' }]),
    ...(queries.explain !== undefined && engine !== USUAL_ENGINE
      ? [{ parameter: 'explain', message: PLAN_OF_ARCHIVE }]
      : []),
    ...ofEngine,
    ...ofLimit,
    ...faultsOfNames(queries, takenBy('/sql', queries)),
  ];
  return {
    sql,
    values: Object.fromEntries(namedParameters(sql).map((name) => [name, queries[name]?.[0]])),
    limit,
    engine,
    faults,
  };
}

function paramsOf({ values }: AskedBySql, nowMs: number): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, text]) => (text === undefined ? [] : [[name, writtenValue(text, nowMs)]])),
  );
}
