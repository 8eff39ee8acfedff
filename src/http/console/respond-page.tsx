import type { Child } from 'hono/jsx';
import { z } from 'zod';
import { CursorInvalid } from '../../lib/cursor.ts';
import { ReadAborted, ReadQueueFull, ReadTimedOut } from '../../readers/errors.ts';
import type { ConsoleContext } from './console-deps.ts';
import { Layout, type Section } from './layout.tsx';

const HEADERS = {
  // Nothing of any page runs, and nothing is from elsewhere: what a command printed is text, whatever it looks like.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
/** A page in its frame. */
export function respondPage(
  c: ConsoleContext,
  status: 200 | 400 | 404 | 429 | 500 | 503 | 504,
  title: string,
  section: Section | undefined,
  content: Child,
): Response | Promise<Response> {
  const canLogOut = c.get('caller')?.tokenId !== null;
  const whole = (
    <Layout title={title} section={section} canLogOut={canLogOut}>
      {content}
    </Layout>
  );
  return c.html(`<!doctype html>${String(whole)}`, status, HEADERS);
}

/** The page of an error: what can be done about it where that is known, and else that the log has it. */
export function respondFailure(error: Error, c: ConsoleContext): Response | Promise<Response> {
  const known = sentenceOf(error);
  if (known) return respondPage(c, known.status, 'Not answered', undefined, <Failure sentence={known.sentence} />);
  c.get('log')?.error({ err: error, path: c.req.path }, 'A page failed.');
  const sentence = 'The page could not be made; the reason is in the log.';
  return respondPage(c, 500, 'Failed', undefined, <Failure sentence={sentence} />);
}

function sentenceOf(error: unknown): { status: 400 | 429 | 503 | 504; sentence: string } | undefined {
  if (error instanceof CursorInvalid || error instanceof z.ZodError)
    return { status: 400, sentence: 'This address is of a page that there is not: begin at the first page.' };
  if (error instanceof ReadTimedOut)
    return { status: 504, sentence: 'This takes longer than a page may. Narrow it, by a span of time for example.' };
  if (error instanceof ReadQueueFull)
    return { status: 429, sentence: 'Too much is being asked just now. Try again soon.' };
  if (error instanceof ReadAborted) return { status: 503, sentence: 'The page was given up.' };
  return undefined;
}

/** The page of what there is not. */
export function NotFound({ what }: { what: string }) {
  return (
    <>
      <h1>Not found</h1>
      <p>
        {what} is not here, or not any more. <a href="/invocations">Look for it</a>.
      </p>
    </>
  );
}

function Failure({ sentence }: { sentence: string }) {
  return (
    <>
      <h1>No answer</h1>
      <p class="note bad">{sentence}</p>
    </>
  );
}
