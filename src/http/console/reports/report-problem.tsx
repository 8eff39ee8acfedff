import { ReportIsFixed, ReportNotFound, ReportsFileBusy, ReportsFileInvalid } from '../../../reports/errors.ts';
import type { ConsoleContext, ConsoleDeps } from '../console-deps.ts';
import { type Page, respondPage } from '../frame/respond-page.tsx';
import { ReportProblem } from './report-page.tsx';

/** The section and the stylesheet that the pages of reports share. */
export const SECTION = { section: '/reports', style: 'sql.css' } as const;

type Answer = Response | Promise<Response>;

/** Shows errors of the functions for reports as pages. */
export async function orProblem(
  deps: ConsoleDeps,
  c: ConsoleContext,
  answer: () => Promise<Answer>,
): Promise<Response> {
  try {
    return await await answer();
  } catch (error) {
    const problem = problemOf(error);
    if (!problem || !(error instanceof Error)) throw error;
    const { status, title, sentence = error.message } = problem;
    return respondPage(deps, c, { ...SECTION, title, status }, <ReportProblem title={title} sentence={sentence} />);
  }
}

function problemOf(error: unknown): { status: Page['status'] & number; title: string; sentence?: string } | undefined {
  if (error instanceof ReportNotFound) return { status: 404, title: 'Not found' };
  if (error instanceof ReportIsFixed) return { status: 409, title: 'Cannot be changed' };
  if (error instanceof ReportsFileBusy)
    return {
      ...{ status: 503, title: 'Saved reports are busy' },
      sentence: 'Other processes have been changing the saved reports for too long. Try again later.',
    };
  if (error instanceof ReportsFileInvalid)
    return {
      ...{ status: 500, title: 'Saved reports have faults' },
      sentence: `The file of saved reports has faults that somebody must correct: ${error.faults.join('; ')}.`,
    };
  return undefined;
}
