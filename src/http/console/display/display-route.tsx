import { getCookie, setCookie } from 'hono/cookie';
import { safeNext } from '../../../lib/safe-next.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { DISPLAY_COOKIE, respondPage } from '../frame/respond-page.tsx';
import { isZone, readDisplay } from '../parts/values/display.ts';
import { DisplayPage } from './display-page.tsx';

const A_YEAR_S = 31_536_000;

/** `/display`: time zone, colours and keys. The browser keeps them in a cookie. */
export function addDisplayRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/display', (c) =>
    respondPage(deps, c, { title: 'Display' }, <DisplayPage next={safeNext(c.req.query('next'))} />),
  );

  app.post('/display', async (c) => {
    const form: Record<string, unknown> = await c.req.parseBody();
    const next = safeNext(typeof form.next === 'string' ? form.next : undefined);
    if (typeof form.zone === 'string' && !isZone(form.zone)) {
      const page = <DisplayPage next={next} wrongZone={form.zone} />;
      return respondPage(deps, c, { status: 400, title: 'Display' }, page);
    }
    const before = Object.fromEntries(new URLSearchParams(getCookie(c, DISPLAY_COOKIE) ?? ''));
    const display = readDisplay({ ...before, ...form });
    const text = new URLSearchParams(display).toString();
    setCookie(c, DISPLAY_COOKIE, text, { path: '/', httpOnly: true, sameSite: 'Strict', maxAge: A_YEAR_S });
    return c.redirect(next, 303);
  });
}
