import { expect } from 'vitest';
import type { apiTrial } from '../api/api-trial.ts';

/**
 * Returns a page as HTML. Expects the status `status`, and expects that nothing in the page is forbidden by its content
 * security policy.
 */
export async function readPage(
  { app }: Pick<ReturnType<typeof apiTrial>, 'app'>,
  path: string,
  { status = 200, ...init }: RequestInit & { status?: number } = {},
): Promise<string> {
  const reply = await app.request(path, init);
  const text = await reply.text();
  const type = reply.headers.get('content-type');
  expect([path, reply.status, type?.toLowerCase()]).toEqual([path, status, 'text/html; charset=utf-8']);
  const policy = reply.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
  for (const [script] of text.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce}"`);
  expect(text).not.toMatch(/<script[^>]*>[^<]|<style|(href|src|action)="(?!\/|#|data:,")/);
  expect(text.replaceAll(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\s(style|on\w+)\b/);
  return text;
}

/** The cells of the result, row by row, as HTML. */
export function cellsOf(html: string): string[][] {
  const body = html.split('data-grid')[1]?.split('<tbody>')[1]?.split('</tbody>')[0] ?? '';
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell),
  );
}

/** Returns the address of the page's link with this text. */
export function linkOf(html: string, text: string): string {
  const [, path = ''] = new RegExp(`href="([^"]*)"[^>]*>\\s*${text.replaceAll(/[()]/g, '\\$&')}\\s*<`).exec(html) ?? [];
  return path.replaceAll('&amp;', '&').replaceAll('&#39;', "'");
}

/** Sends a form as a browser of the same origin does. */
export function formOf(fields: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(fields).toString(),
  };
}
