import type { z } from 'zod';
import { faultsOf } from '../../../lib/words/own-words.ts';
import type { Report } from '../../../questions/reports/report.ts';
import { reportForm } from '../../../questions/reports/report-form.ts';
import { USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { SqlFault } from '../../../questions/sql/sql-fault.ts';
import { ReportIsFixed } from '../../../reports/errors.ts';
import { listReports } from '../../../reports/list-reports.ts';
import { saveReport } from '../../../reports/saved/save-report.ts';
import { tryReport } from '../../../reports/try-report.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../console-deps.ts';
import { guardRole } from '../frame/guard-role.tsx';
import { type Page, respondPage } from '../frame/respond-page.tsx';
import { QueryRefused } from '../parts/sql/query-fault.tsx';
import { SqlRefusal } from '../sql/sql-page.tsx';
import { pathOfReport } from './path-of-report.ts';
import { type ReportDraft, readDraft } from './report-draft.ts';
import { orProblem } from './report-problem.tsx';
import { type SaveReportContent, SaveReportPage } from './save-report-page.tsx';

const PAGE = { title: 'Save as a report', section: '/reports', style: 'sql.css' } as const;

/** `/sql/save`: a form that saves a question as a report, for the role sql. */
export function addSaveReportRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  guardRole(app, deps, {
    paths: ['/sql/save'],
    needed: 'sql',
    page: PAGE,
    refusal: (caller) => <SqlRefusal name={caller?.name ?? 'nobody'} role={caller?.role ?? 'none'} />,
  });
  const show = (
    c: ConsoleContext,
    content: Partial<SaveReportContent> & { draft: ReportDraft },
    status: Page['status'],
  ) =>
    respondPage(
      deps,
      c,
      { ...PAGE, status: status ?? 200 },
      <SaveReportPage faults={{}} isTaken={false} {...content} />,
    );

  app.get('/sql/save', (c) => show(c, { draft: readDraft(c.req.query()) }, 200));

  app.post('/sql/save', (c) =>
    orProblem(deps, c, async () => {
      const form: Record<string, unknown> = await c.req.parseBody();
      const draft = readDraft(form);
      // The SQL page has sent its question. Nothing is saved before the form is filled in.
      if (form.save === undefined) return show(c, { draft }, 200);
      const read = reportForm.safeParse(reportOf(draft));
      if (!read.success) return show(c, { draft, faults: faultsByPlace(read.error) }, 400);
      const report = read.data;
      c.set('asked', { sql: report.sql, params: undefined, engine: report.engine ?? USUAL_ENGINE });
      const isTaken = (await listReports(deps.reports)).some(
        ({ name, origin }) => name === report.name && origin === 'saved',
      );
      if (isTaken && !draft.isReplacing)
        return show(c, { draft, isTaken, faults: { name: 'is the name of a saved report' } }, 409);
      try {
        await save(deps, c, report);
      } catch (error) {
        if (error instanceof SqlFault) {
          const refused = <QueryRefused sql={report.sql} message={error.message} position={error.data.position} />;
          return show(c, { draft, isTaken, refused }, 400);
        }
        if (!(error instanceof ReportIsFixed)) throw error;
        return show(c, { draft, faults: { name: 'is the name of a report that cannot be changed' } }, 409);
      }
      return c.redirect(pathOfReport(report.name), 303);
    }),
  );
}

async function save(deps: ConsoleDeps, c: ConsoleContext, report: Report): Promise<void> {
  await tryReport(deps.sql, report, readOptions(c, deps.sql.deadlineMs));
  await saveReport(deps.reports, report);
  c.set('rows', 1);
}

function reportOf({ sql, engine, name, description, parameters }: ReportDraft): unknown {
  return {
    ...{ sql, name, description },
    // A report without an engine is asked of the archive.
    ...(engine !== USUAL_ENGINE && { engine }),
    parameters: parameters.map(({ isNeeded, default: otherwise, ...parameter }) => ({
      ...parameter,
      ...(!isNeeded && { default: otherwise }),
    })),
  };
}

function faultsByPlace(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(faultsOf(error).map(({ path, message }) => [path.join('.'), message]));
}
