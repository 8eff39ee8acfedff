import type { Child } from 'hono/jsx';
import type { ConsoleContext } from '../console-deps.ts';
import type { AskedFault } from '../parts/questions/asked-faults.ts';
import { NotUnderstood } from '../parts/questions/not-understood.tsx';
import { type FrameDeps, type Page, respondPage } from './respond-page.tsx';

/**
 * The page for an address with faults. It shows the form of the requested page, if there is one, and the faults, but no
 * rows and no downloads.
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
