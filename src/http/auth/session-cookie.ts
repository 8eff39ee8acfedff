import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const NAME = 'ssm_archive_session';

/**
 * No script can read this cookie, and browsers do not send it with requests of other sites. It is Secure if the browser
 * uses https.
 */
const ATTRIBUTES = { path: '/', httpOnly: true, sameSite: 'Strict' } as const;

export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, NAME);
}

export function setSessionCookie(
  c: Context,
  { secret, maxAgeS, isSecure }: { secret: string; maxAgeS: number; isSecure: boolean },
): void {
  setCookie(c, NAME, secret, { ...ATTRIBUTES, secure: isSecure, maxAge: maxAgeS });
}

export function clearSessionCookie(c: Context): void {
  deleteCookie(c, NAME, ATTRIBUTES);
}
