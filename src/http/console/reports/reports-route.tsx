import { hasRole } from '../../../access/roles.ts';
import { bindReport, type ReportFault, ReportValuesInvalid } from '../../../questions/reports/bind-report.ts';
import type { Report } from '../../../questions/reports/report.ts';
import type { SqlValue } from '../../../questions/sql/sql-values.ts';
import { ReportIsFixed, ReportsFileInvalid } from '../../../reports/errors.ts';
import { findReport } from '../../../reports/find-report.ts';
import { listReports } from '../../../reports/list-reports.ts';
import { fixedReports, type ListedReport } from '../../../reports/reports-deps.ts';
import { deleteReport } from '../../../reports/saved/delete-report.ts';
import { spanOfReport } from '../../../reports/span-of-report.ts';
import { toSqlParams } from '../../../reports/to-sql-params.ts';
import { wholeFromOfReport } from '../../../reports/whole-from-of-report.ts';
import { takenBy } from '../addresses/page-addresses.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo } from '../console-deps.ts';
import { guardRole } from '../frame/guard-role.tsx';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage } from '../frame/respond-page.tsx';
import { AsOf } from '../parts/coverage/as-of.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import { readCovered, readLooks } from '../parts/coverage/read-covered.ts';
import { type AskedFault, faultsOfNames, type TakenNames } from '../parts/questions/asked-faults.ts';
import { neverSeenOfReport } from '../parts/questions/never-seen-of-report.tsx';
import { NotRun } from '../parts/questions/not-run.tsx';
import { QueryResult } from '../parts/sql/result-grid.tsx';
import { readLimit } from '../parts/sql/row-limit.tsx';
import { answerProgressively } from '../sql/answer-progressively.tsx';
import { SqlRefusal } from '../sql/sql-page.tsx';
import { DeleteReportPage, ReportPage } from './report-page.tsx';
import { orProblem, SECTION } from './report-problem.tsx';
import { ReportsPage } from './reports-page.tsx';

/** `/reports` and `/reports/…`, for any role. Deleting a saved report needs the role sql. */
export function addReportRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/reports', async (c) => {
    const content = { ...(await listed(deps)), canAskSql: canAskSql(c) };
    return respondPage(deps, c, { ...SECTION, title: 'Reports' }, <ReportsPage {...content} />);
  });

  app.get('/reports/:name', (c) =>
    orProblem(deps, c, async () => {
      const report = await findReport(deps.reports, c.req.param('name'));
      const { limit: typedLimit, ...query } = c.req.query();
      const given = withoutBlanks(report, query);
      const bound = bind(report, given, deps.now());
      const isAsked = Object.keys(c.req.query()).length > 0;
      const { limit, faults: ofLimit } = readLimit(typedLimit);
      const faults = isAsked ? [...bound.faults.map((fault) => askedFault(given, fault)), ...ofLimit] : [];
      const taken = takenByReport(report);
      // The report itself may have reported an unknown parameter already.
      const isSaid = (name: string) =>
        !taken.names.includes(name) && faults.some(({ parameter }) => parameter === name);
      faults.push(...faultsOfNames(c.req.queries(), taken).filter(({ parameter }) => !isSaid(parameter)));
      const content = {
        ...{ report, given, limit, faults },
        schedules: deps.reports.deliveries
          .filter((delivery) => delivery.report === report.name)
          .map(({ schedule }) => schedule),
        sqlPath: canAskSql(c) && faults.length === 0 ? pathToSql(report.sql, bound.params) : undefined,
        canDelete: canAskSql(c) && report.origin === 'saved',
      };
      const page = { ...SECTION, title: report.name, script: 'report.js' } as const;
      const head = <ReportPage {...content} />;
      if (!isAsked) return respondPage(deps, c, page, head);
      if (faults.length > 0) return respondNotUnderstood(deps, c, page, { faults, form: head });
      const linked = linkedTo(c);
      if (linked)
        return respondPage(
          deps,
          c,
          page,
          <>
            {head}
            <NotRun {...linked} isRunAbove />
          </>,
        );
      const downloads = downloadsOf(report, given);
      const headOf = async () => (
        <>
          {head}
          {/* A report about the present shows what the last pass saw. */}
          {report.parameters.some(({ name }) => name === 'as_of') && (
            <AsOf looks={await readLooks(c, deps)} nowMs={deps.now().getTime()} />
          )}
          <CoveredLine covered={await readCovered(c, deps, spanOfReport(report, bound.params))} />
          {await neverSeenOfReport(c, deps, { report, values: bound.params })}
        </>
      );
      return answerProgressively(deps, c, page, {
        query: {
          ...{ sql: report.sql, engine: report.engine, params: bound.params, limit },
          wholeFrom: () => wholeFromOfReport(deps.archive, report, bound.params),
        },
        head: headOf(),
        render: (answer) => <QueryResult answer={answer} downloads={downloads} />,
      });
    }),
  );

  guardRole(app, deps, {
    paths: ['/reports/:name/delete'],
    needed: 'sql',
    page: { ...SECTION, title: 'Reports' },
    refusal: (caller) => <SqlRefusal name={caller?.name ?? 'nobody'} role={caller?.role ?? 'none'} />,
  });
  app.get('/reports/:name/delete', (c) =>
    orProblem(deps, c, async () => {
      const { name, origin } = await findReport(deps.reports, c.req.param('name'));
      if (origin !== 'saved') throw new ReportIsFixed(name, origin);
      return respondPage(deps, c, { ...SECTION, title: `Delete ${name}` }, <DeleteReportPage name={name} />);
    }),
  );
  app.post('/reports/:name/delete', (c) =>
    orProblem(deps, c, async () => {
      await deleteReport(deps.reports, c.req.param('name'));
      return c.redirect('/reports', 303);
    }),
  );
}

/** Returns all reports; without the saved ones if their file has faults. */
async function listed({ reports }: ConsoleDeps): Promise<{ reports: ListedReport[]; faults: readonly string[] }> {
  try {
    return { reports: await listReports(reports), faults: [] };
  } catch (error) {
    if (!(error instanceof ReportsFileInvalid)) throw error;
    return { reports: fixedReports(reports), faults: error.faults };
  }
}

function canAskSql(c: ConsoleContext): boolean {
  const caller = c.get('caller');
  return caller !== undefined && hasRole(caller.role, 'sql');
}

/**
 * A form sends every field. This leaves out blank fields, except those of text parameters, where a blank may be meant.
 */
function withoutBlanks({ parameters }: Report, query: Record<string, string>): Record<string, string> {
  const isText = (name: string) => parameters.find((parameter) => parameter.name === name)?.type === 'text';
  return Object.fromEntries(Object.entries(query).filter(([name, value]) => value.trim() !== '' || isText(name)));
}

function bind(report: Report, given: Record<string, string>, now: Date) {
  try {
    return { params: toSqlParams(bindReport(report, given, now)), faults: [] };
  } catch (error) {
    if (!(error instanceof ReportValuesInvalid)) throw error;
    const faults: readonly ReportFault[] = error.faults;
    return { params: {}, faults };
  }
}

/** Converts a fault into the form that all pages show. A needed parameter that was not given is not in the address. */
function askedFault(given: Record<string, string>, { field, message }: ReportFault): AskedFault {
  return { parameter: field, message, ...(!Object.hasOwn(given, field) && { isMissing: true as const }) };
}

function takenByReport({ parameters }: Report): TakenNames {
  return { names: [...takenBy('/reports/:name', {}).names, ...parameters.map(({ name }) => name)] };
}

/** The address of the SQL page with the same question and the values that the report was run with. */
function pathToSql(sql: string, params: Readonly<Record<string, SqlValue>>): string {
  const query = new URLSearchParams({ sql });
  for (const [name, value] of Object.entries(params)) {
    const plain = value !== null && typeof value === 'object' ? Object.values(value)[0] : value;
    query.set(`:${name}`, String(plain));
  }
  return `/sql?${query}`;
}

function downloadsOf({ name }: Report, given: Record<string, string>) {
  const query = new URLSearchParams(given);
  const as = (format: string) =>
    `/v1/reports/${encodeURIComponent(name)}?${new URLSearchParams({ ...Object.fromEntries(query), format })}`;
  return { csv: as('csv'), ndjson: as('ndjson'), json: as('json'), parquet: as('parquet'), arrow: as('arrow') };
}
