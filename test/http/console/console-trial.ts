import { expect } from 'vitest';
import type { apiTrial } from '../api/api-trial.ts';

type Trial = Pick<ReturnType<typeof apiTrial>, 'app'>;

/** A page of the console as a browser gets it, held to what its policy says: nothing in it runs but the console's own scripts. */
export async function page({ app }: Trial, path: string, status = 200, init: RequestInit = {}): Promise<string> {
  const reply = await app.request(path, init);
  const text = await reply.text();
  expect([path, reply.status, reply.headers.get('content-type')]).toEqual([path, status, 'text/html; charset=UTF-8']);
  const policy = reply.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  // What the policy forbids is not there either.
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
  for (const [script] of text.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce}"`);
  expect(text).not.toMatch(/<style|(href|src|action)="(?!\/|#|\?|data:,")/);
  expect(text.replaceAll(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\s(style|on\w+)\b/);
  return text;
}

/** How many rows the first table of a page has. */
export const rows = (html: string) => html.split('<tbody>')[1]?.split('</tbody>')[0]?.match(/<tr\b/g)?.length ?? 0;

/** What a form of the page sends, by a browser on the page itself. */
export function post(fields: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** The text of a page without its markup. */
export const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
