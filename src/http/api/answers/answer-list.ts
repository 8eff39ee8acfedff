import type { ExportedList } from '../../../archive/exports/export-list.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';
import { neverSeenHeader, whyEmpty } from '../empty/why-empty.ts';
import { type AskedForm, listFormOf, respondDownload, respondPage } from './respond-list.ts';
import { wholeFromHeader } from './whole-from-member.ts';

/** Answers with a list in the form that the client asks for: one page as JSON, or the whole list as a download. */
export async function answerList(
  c: ApiContext,
  deps: ApiDeps,
  asked: AskedForm,
  list: {
    /** The filters and the order of the list. A cursor works only for the list that it was made for. */
    question: unknown;
    exported: ExportedList;
    /**
     * What is needed to explain an empty answer: the filter, and whether this is the first page. Absent for a list
     * about the collector itself. `isPast`: the list is of a past time, whose coverage is not known.
     */
    narrowed?: { filter: InvocationFilter; isFirstPage: boolean; isPast?: boolean };
    /** The first day from which the list is whole; absent if nothing of it leaves the file. */
    wholeFrom?: () => string | undefined;
    page(options: ReturnType<typeof readOptions>): Promise<{ items: readonly object[]; next: unknown }>;
  },
): Promise<Response> {
  const { format, csvForm } = listFormOf(c, asked);
  if (format === 'json') {
    const { items, next } = await list.page(readOptions(c, deps.readDeadlineMs));
    const { neverSeen, coverage } = list.narrowed ? await whyEmpty(c, deps, { ...list.narrowed, items }) : {};
    return respondPage(c, {
      wholeFrom: list.wholeFrom?.(),
      ...(list.narrowed?.isPast ? { neverSeen } : { neverSeen, coverage }),
      items,
      nextCursor: next === undefined ? undefined : encodeCursor(list.question, next),
    });
  }
  if (list.narrowed) await neverSeenHeader(c, deps, list.narrowed.filter);
  const input = { ...list.exported, format, csvForm };
  const { body, rows } = await deps.readers.stream('exportList', input, readOptions(c, deps.exportDeadlineMs));
  c.set('rows', rows);
  wholeFromHeader(c, list.wholeFrom?.());
  return respondDownload(c, body, { name: list.exported.list, format, csvForm, now: deps.now() });
}
