import type { ExportedList } from '../../archive/export-list.ts';
import { encodeCursor } from '../../lib/cursor.ts';
import { type ApiContext, type ApiDeps, readOptions } from './api-deps.ts';
import { type AskedForm, listFormOf, respondDownload, respondPage } from './respond-list.ts';

/** Answers a list: a page of it as JSON, or the whole as a download, as the client asks. */
export async function answerList(
  c: ApiContext,
  deps: ApiDeps,
  asked: AskedForm,
  list: {
    /** What a cursor of this list is bound to. */
    question: unknown;
    exported: ExportedList;
    page(options: ReturnType<typeof readOptions>): Promise<{ items: readonly object[]; next: unknown }>;
  },
): Promise<Response> {
  const { format, csvForm } = listFormOf(c, asked);
  if (format === 'json') {
    const { items, next } = await list.page(readOptions(c, deps.readDeadlineMs));
    return respondPage(c, { items, nextCursor: next === undefined ? undefined : encodeCursor(list.question, next) });
  }
  const input = { ...list.exported, format, csvForm };
  const { body, rows } = await deps.readers.stream('exportList', input, readOptions(c, deps.exportDeadlineMs));
  c.set('rows', rows);
  return respondDownload(c, body, { name: list.exported.list, format, csvForm, now: deps.now() });
}
