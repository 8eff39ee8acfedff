import { getCookie } from 'hono/cookie';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { ArchiveMoved } from '../../../lib/errors/archive-moved.ts';
import { isDiskFull } from '../../../lib/errors/is-disk-full.ts';
import { ReadAborted, ReadQueueFull, ReadTimedOut } from '../../../processes/pool/errors.ts';
import { CursorInvalid } from '../../../questions/cursor.ts';
import type { ConsoleContext, ConsoleDeps } from '../console-deps.ts';
import { DisplayProvider, readDisplay } from '../parts/values/display.ts';
import { type Frame, Layout } from './layout.tsx';

const NONCE_BYTES = 16;

/** Nothing runs but the console's own scripts, and nothing is from elsewhere: what a command printed is text, whatever it looks like. */
function headersOf(nonce: string) {
  return {
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

export type FrameDeps = Pick<ConsoleDeps, 'random' | 'now'>;

export interface Page extends Pick<Frame, 'title' | 'section' | 'script' | 'style'> {
  status?: 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503 | 504;
}

/** The cookie of what the page `/display` sets. */
export const DISPLAY_COOKIE = 'ssm_archive_display';

type Render = (content: Child) => string;

/** A page in its frame. */
export function respondPage(
  deps: FrameDeps,
  c: ConsoleContext,
  { status = 200, ...page }: Page,
  content: Child,
): Response | Promise<Response> {
  const { headers, inFrame } = begin(deps, c, page);
  return c.html(inFrame(content), status, headers);
}

const SPLIT = '<!--later-->';

/**
 * A page whose end takes time: `content` is shown at once, ending with a word that it goes on, and `later` once it is there. What
 * fails then is said in its place.
 */
export function respondProgressively(
  deps: FrameDeps,
  c: ConsoleContext,
  page: Omit<Page, 'status'>,
  content: Child,
  later: Promise<Child>,
): Response {
  const { headers, inFrame, render } = begin(deps, c, page);
  const [head = '', tail = ''] = inFrame(
    <>
      {content}
      <p class="waiting" role="status">
        Looking through the archive…
      </p>
      {raw(SPLIT)}
    </>,
  ).split(SPLIT);
  c.set('isProgressive', true);
  // As a stream has it, so that the access log is told how it ended.
  if (c.get('rows') === undefined) c.set('rows', () => null);
  // Nobody may be listening yet when it fails.
  const rest = later.then(render, (error: unknown) => render(failureOf(c, error).content));
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  c.header('content-type', 'text/html; charset=UTF-8');
  return stream(c, async (out) => {
    await out.write(head);
    await out.write(await rest);
    await out.write(tail);
  });
}

function begin({ random, now }: FrameDeps, c: ConsoleContext, page: Omit<Page, 'status'>) {
  const nonce = random(NONCE_BYTES).toString('base64');
  const { host, pathname, search } = new URL(c.req.url);
  const canLogOut = c.get('caller')?.tokenId !== null;
  const frame = { ...page, nonce, canLogOut, host, path: pathname + search, madeAt: now().toISOString() };
  const display = readDisplay(Object.fromEntries(new URLSearchParams(getCookie(c, DISPLAY_COOKIE) ?? '')));
  const render: Render = (content) => String(<DisplayProvider value={display}>{content}</DisplayProvider>);
  const inFrame: Render = (content) => `<!doctype html>${render(<Layout {...frame}>{content}</Layout>)}`;
  return { headers: headersOf(nonce), render, inFrame };
}

/** The page for a thing that does not exist: `what` begins a sentence, such as "The archive has no such node. It"; `more` says what may be meant. */
export function respondNotFound(
  deps: FrameDeps,
  c: ConsoleContext,
  what: string,
  more?: Child,
): Response | Promise<Response> {
  return respondPage(deps, c, { status: 404, title: 'Not found' }, <NotFound what={what} more={more} />);
}

/** The page of an error: what can be done about it where that is known, and else that the log has it. */
export function respondFailure(deps: FrameDeps, c: ConsoleContext, error: Error): Response | Promise<Response> {
  const { status, title, content } = failureOf(c, error);
  return respondPage(deps, c, { status, title }, content);
}

function failureOf(c: ConsoleContext, error: unknown) {
  const known = sentenceOf(error);
  if (known) return { ...known, title: 'Not answered', content: <Failure sentence={known.sentence} /> };
  c.get('log')?.error({ err: error, path: c.req.path }, 'A page failed.');
  const sentence = 'The page could not be made; the reason is in the log.';
  return { status: 500 as const, title: 'Failed', content: <Failure sentence={sentence} /> };
}

function sentenceOf(error: unknown): { status: 400 | 429 | 503 | 504; sentence: string } | undefined {
  if (error instanceof CursorInvalid || error instanceof z.ZodError)
    return { status: 400, sentence: 'This address is of a page that there is not: begin at the first page.' };
  if (error instanceof ReadTimedOut)
    return { status: 504, sentence: 'This takes longer than a page may. Narrow it, by a span of time for example.' };
  if (error instanceof ReadQueueFull)
    return { status: 429, sentence: 'Too much is being asked just now. Try again soon.' };
  if (error instanceof ReadAborted) return { status: 503, sentence: 'The page was given up.' };
  if (isDiskFull(error)) return { status: 503, sentence: 'There is no room left on the disk of the server.' };
  if (error instanceof ArchiveMoved) return { status: 503, sentence: error.message };
  return undefined;
}

function NotFound({ what, more }: { what: string; more: Child }) {
  return (
    <>
      <h1>Not found</h1>
      <p>
        {what} is not here, or not any more. <a href="/invocations">Look for it</a>.
      </p>
      {more}
    </>
  );
}

function Failure({ sentence }: { sentence: string }) {
  return (
    <>
      <h1>No answer</h1>
      <p class="note bad" role="alert">
        {sentence}
      </p>
    </>
  );
}
