import { getCookie } from 'hono/cookie';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { SealedUnreadable } from '../../../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../../../archive/sealed/too-many-sealed-days.ts';
import { ArchiveMoved } from '../../../lib/errors/archive-moved.ts';
import { isDiskFull } from '../../../lib/errors/is-disk-full.ts';
import { ReadAborted, ReadQueueFull, ReadTimedOut } from '../../../processes/pool/errors.ts';
import { CursorInvalid } from '../../../questions/cursor.ts';
import type { ConsoleContext, ConsoleDeps } from '../console-deps.ts';
import { DisplayProvider, readDisplay } from '../parts/values/display.ts';
import { type Frame, Layout } from './layout.tsx';

const NONCE_BYTES = 16;

/**
 * Only the console's own scripts run, and nothing is loaded from other servers. So the output of a command is never
 * more than text, whatever it contains.
 */
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

/** The name of the cookie that the page `/display` sets. */
export const DISPLAY_COOKIE = 'ssm_archive_display';

type Render = (content: Child) => string;

/** Answers with a page in its frame. */
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
 * Answers with a page whose last part takes time. `content` is shown at once, followed by a line that asks to wait;
 * `later` follows as soon as it is ready. If `later` fails, the page shows the error instead.
 */
export function respondProgressively(
  deps: FrameDeps,
  c: ConsoleContext,
  page: Omit<Page, 'status'>,
  content: Child,
  later: Promise<Child>,
): Response {
  const { headers, around, render } = begin(deps, c, page);
  const [head, tail] = around(
    <>
      {content}
      <p class="waiting" role="status">
        Looking through the archive…
      </p>
    </>,
  );
  // The handler of failures must be attached now: the promise may fail before anything awaits it.
  const rest = later.then(render, (error: unknown) => render(failureOf(c, error).content));
  return streamPage(c, headers, async (write) => {
    await write(head);
    await write(await rest);
    await write(tail);
  });
}

/**
 * Answers with a page whose last part is as long as what it shows: `content`, and then each of `parts` as soon as it is
 * ready. A part is made only when the client has taken the one before. If one fails, the page ends with the error.
 */
export function respondInParts(
  deps: FrameDeps,
  c: ConsoleContext,
  page: Omit<Page, 'status'>,
  content: Child,
  parts: AsyncIterable<Child>,
): Response {
  const { headers, around, render } = begin(deps, c, page);
  const [head, tail] = around(content);
  return streamPage(c, headers, async (write) => {
    await write(head);
    try {
      for await (const part of parts) await write(render(part));
    } catch (error) {
      await write(render(failureOf(c, error).content));
    }
    await write(tail);
  });
}

/** Streams a page. The access log treats it as a stream, so that it records how the page ended. */
function streamPage(
  c: ConsoleContext,
  headers: Readonly<Record<string, string>>,
  run: (write: (html: string) => Promise<void>) => Promise<void>,
): Response {
  c.set('isProgressive', true);
  if (c.get('rows') === undefined) c.set('rows', () => null);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  c.header('content-type', 'text/html; charset=UTF-8');
  return stream(c, (out) =>
    run(async (html) => {
      await out.write(html);
    }),
  );
}

function begin({ random, now }: FrameDeps, c: ConsoleContext, page: Omit<Page, 'status'>) {
  const nonce = random(NONCE_BYTES).toString('base64');
  const { host, pathname, search } = new URL(c.req.url);
  const canLogOut = c.get('caller')?.tokenId !== null;
  const frame = { ...page, nonce, canLogOut, host, path: pathname + search, madeAt: now().toISOString() };
  const display = readDisplay(Object.fromEntries(new URLSearchParams(getCookie(c, DISPLAY_COOKIE) ?? '')));
  const render: Render = (content) => String(<DisplayProvider value={display}>{content}</DisplayProvider>);
  const inFrame: Render = (content) => `<!doctype html>${render(<Layout {...frame}>{content}</Layout>)}`;
  /** The page up to the end of some content, and what comes after all that may follow. */
  const around = (content: Child): [head: string, tail: string] => {
    const [head = '', tail = ''] = inFrame(
      <>
        {content}
        {raw(SPLIT)}
      </>,
    ).split(SPLIT);
    return [head, tail];
  };
  return { headers: headersOf(nonce), render, inFrame, around };
}

/** The page for a thing that does not exist. `what` names it, such as "This node"; `more` proposes similar things. */
export function respondNotFound(
  deps: FrameDeps,
  c: ConsoleContext,
  what: string,
  more?: Child,
): Response | Promise<Response> {
  return respondPage(deps, c, { status: 404, title: 'Not found' }, <NotFound what={what} more={more} />);
}

/** The page for an error. It says what to do if that is known, else that the log has the reason. */
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

function sentenceOf(error: unknown): { status: 400 | 422 | 429 | 503 | 504; sentence: string } | undefined {
  if (error instanceof CursorInvalid || error instanceof z.ZodError)
    return { status: 400, sentence: 'This address does not belong to any page of this list: begin at the first page.' };
  if (error instanceof ReadTimedOut)
    return {
      status: 504,
      sentence: 'This takes longer than a page may take. Ask for less, such as a shorter span of time.',
    };
  if (error instanceof ReadQueueFull)
    return { status: 429, sentence: 'The server has too many requests at the moment. Try again soon.' };
  if (error instanceof ReadAborted) return { status: 503, sentence: 'The client went away before the page was made.' };
  if (isDiskFull(error)) return { status: 503, sentence: 'The disk of the server is full.' };
  if (error instanceof ArchiveMoved) return { status: 503, sentence: error.message };
  if (error instanceof TooManySealedDays) return { status: 422, sentence: error.message };
  if (error instanceof SealedUnreadable) return { status: 503, sentence: error.message };
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
