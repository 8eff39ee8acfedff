import type { Child } from 'hono/jsx';
import type { ConsoleContext } from '../console-deps.ts';
import type { AskedFault } from '../parts/questions/asked-faults.ts';
import { NotUnderstood } from '../parts/questions/not-understood.tsx';
import { type FrameDeps, type Page, respondPage } from './respond-page.tsx';

/**
 * The page for an address that is not understood: the page's form, if it has one, and what is wrong. It has no rows and
 * no downloads.
 */
export function respondNotUnderstood(
  deps: FrameDeps,
  c: ConsoleContext,
  page: Omit<Page, 'status'>,
  { faults, form }: { faults: readonly AskedFault[]; form?: Child },
): Response | Promise<Response> {
  return respondPage(
    deps,
    c,
    { ...page, status: 400 },
    <>
      {form ?? <h1>{page.title}</h1>}
      <NotUnderstood faults={faults} url={c.req.url} />
    </>,
  );
}
