import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../archive/raw-invocation.ts';
import { apiTrial } from './api/api-trial.ts';
import { linkOf, readPage } from './console/read-page.ts';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const DASHBOARD = 'https://audit.example.com';
const EVIL = 'https://evil.example';

/** What Chromium sends with each kind of request, to localhost or over https. */
const sent = {
  /** A link or `window.open` on a page of another site. */
  link: (site = 'cross-site') => ({
    ...{ accept: HTML, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  }),
  load: (dest: string, mode: string, site = 'cross-site', more: Record<string, string> = {}) => ({
    ...{ accept: '*/*', 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest, ...more },
  }),
};

const trial = apiTrial({ isRead: false });
const shared = apiTrial({ isRead: false, corsOrigins: [DASHBOARD] });
const guarded = apiTrial({ isRead: false });
const named = apiTrial({ isRead: false, publicHosts: ['archive.example.com'] });
const trusting = apiTrial({ isRead: false, isProxyTrusted: true });
await trial.record([{ InstanceId: 'i-1', CommandPlugins: [rawPlugin({ Output: 'needle in hay' })] }]);

const KEY = `${SOURCE.accountId}/${SOURCE.region}/11111111-2222-4333-8444-555555555555/i-1`;
const SQL = "SELECT 'was' || ' run' AS answer";
const SQL_PAGE = `/sql?${new URLSearchParams({ sql: SQL })}`;
const SQL_API = `/v1/sql?${new URLSearchParams({ sql: SQL })}`;

const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  trial.app.request(path, { method, headers });

describe('a page of another site', () => {
  const LOADS: [string, Record<string, string>][] = [
    ['fetch without CORS', sent.load('empty', 'no-cors')],
    ['fetch without CORS, from another port of this machine', sent.load('empty', 'no-cors', 'same-site')],
    ['fetch with CORS', sent.load('empty', 'cors', 'cross-site', { origin: EVIL })],
    ['a script', sent.load('script', 'no-cors')],
    ['an image', sent.load('image', 'no-cors')],
    ['a stylesheet', sent.load('style', 'no-cors', 'same-site')],
    ['a video', sent.load('video', 'no-cors')],
    ['an iframe', { ...sent.load('iframe', 'navigate'), accept: HTML }],
    ['an object', { ...sent.load('object', 'navigate'), accept: HTML }],
    ['a prefetch', sent.load('empty', 'no-cors', 'cross-site', { 'sec-purpose': 'prefetch' })],
    ['a prerendering', { ...sent.link(), 'sec-purpose': 'prefetch;prerender' }],
    ['a preflight', sent.load('empty', 'cors', 'cross-site', { origin: EVIL })],
    ['an old browser’s fetch', { origin: EVIL, accept: '*/*' }],
    ['a page without an origin', { origin: 'null', accept: '*/*' }],
  ];
  const PATHS = [SQL_API, SQL_PAGE, '/v1/invocations?q=needle', '/reports/what-ran?from=-7d', '/metrics', '/', '/docs'];

  it.each(LOADS)('cannot load anything or run SQL by %s', async (what, headers) => {
    const before = trial.accessRows(1)[0]?.id;
    for (const path of [...PATHS, '/assets/none.js', '/suggestions?field=documentName', `/invocations/${KEY}`]) {
      for (const method of what === 'a preflight' ? ['OPTIONS'] : ['GET', 'HEAD']) {
        const reply = await ask(path, headers, method);
        expect([path, reply.status]).toEqual([path, 403]);
        expect(reply.headers.get('cache-control')).toBe('no-store');
      }
    }
    expect(trial.accessRows(1)[0]?.id).toBe(before);
  });

  it('gets problem details that say what to do', async () => {
    const reply = await ask(SQL_API, sent.load('empty', 'cors', 'cross-site', { origin: EVIL }));
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(await reply.json()).toMatchObject({
      ...{ type: 'about:blank', status: 403, title: 'Cross-site request refused' },
      detail: expect.stringContaining('SSM_ARCHIVE_CORS_ORIGINS'),
    });
    const page = await ask('/', { ...sent.load('iframe', 'navigate'), accept: HTML });
    expect(page.headers.get('content-type')?.toLowerCase()).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('A page of another site');
  });

  it('gets an error in the form of AWS from POST /', async () => {
    const headers = { 'content-type': 'text/plain', ...sent.load('empty', 'no-cors', 'same-site', { origin: EVIL }) };
    const reply = await trial.app.request('/', { method: 'POST', body: '{}', headers });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'application/x-amz-json-1.1']);
    expect(await reply.json()).toMatchObject({ __type: 'AccessDeniedException' });
  });

  it.each(['same-site', 'cross-site'])('cannot change anything with a form (%s)', async (site) => {
    const headers = { ...sent.link(site), 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/display', '/logout', '/login', '/sql/save', '/collector/passes', '/v1/ingest', '/v1/sql'])
      expect([path, (await trial.app.request(path, { method: 'POST', body: 'a=b', headers })).status]).toEqual([
        path,
        403,
      ]);
  });

  it('cannot control windows of this server or load anything from it, because the headers of every answer forbid it', async () => {
    for (const path of ['/', '/docs', '/v1/runs', '/v1/nothing', '/healthz', '/v1/invocations?format=csv', '/login']) {
      const { headers } = await ask(path, {});
      expect([path, headers.get('cross-origin-resource-policy')]).toEqual([path, 'same-origin']);
      expect([path, headers.get('cross-origin-opener-policy')]).toEqual([path, 'same-origin']);
    }
  });
});

describe('a link on another site', () => {
  it.each(['same-site', 'cross-site'])('opens pages, the documentation and assets (%s)', async (site) => {
    const pages = ['/', '/invocations', `/invocations/${KEY}`, '/documents/AWS-RunShellScript', '/coverage', '/sql'];
    for (const path of [...pages, '/coverage?from=2026-03-01', '/reports/what-ran', '/integrity', '/collector'])
      await readPage(trial, path, { headers: sent.link(site) });
    for (const path of ['/docs', '/healthz', '/openapi.json'])
      expect([path, (await ask(path, sent.link(site))).status]).toEqual([path, 200]);
    expect(linkOf(await readPage(trial, `/invocations/${KEY}`, { headers: sent.link(site) }), 'Raw')).not.toBe('');
  });

  it('fills in a query on the SQL page, which runs only when the user presses a button', async () => {
    const html = await readPage(trial, SQL_PAGE, { headers: sent.link() });
    expect(html).toContain('SELECT &#39;was&#39; || &#39; run&#39; AS answer');
    expect(html).not.toContain('was run');
    expect(html).toContain('has not been run');
    expect(trial.accessRows()[0]).toMatchObject({ path: '/sql', sql: null });
    const own = { ...sent.link('same-origin') };
    expect(await readPage(trial, SQL_PAGE, { headers: own })).toContain('was run');
    expect(await readPage(trial, SQL_PAGE, { headers: { ...sent.link('none') } })).toContain('was run');
  });

  it('fills in a report, which runs only when the user presses a button', async () => {
    const path = '/reports/what-ran?from=2026-03-01&to=2026-04-01&node=i-1';
    const html = await readPage(trial, path, { headers: sent.link() });
    expect(html).toContain('value="i-1"');
    expect(html).toContain('has not been run');
    expect(html).not.toContain('data-grid');
    expect(trial.accessRows()[0]).toMatchObject({ path: '/reports/what-ran', sql: null });
    expect(await readPage(trial, path, { headers: sent.link('same-origin') })).toContain('data-grid');
  });

  it.each([
    ['/invocations?q=needle', 'value="needle"', 'i-1</a>'],
    ['/invocations?documentName=AWS-RunShellScript&sort=requestedAt', 'value="AWS-RunShellScript"', 'i-1</a>'],
    [`/compare?left=${KEY}&right=${KEY}`, `value="${KEY}"`, 'Other runs'],
    ['/evidence?requestedAfter=2026-03-01&requestedBefore=2026-04-01&q=needle', 'value="needle"', '1 invocation'],
    ['/nodes?begin=i-', 'value="i-"', 'i-1</a>'],
    ['/collector/sweeps?account=111122223333', 'value="111122223333"', 'has never seen the account'],
  ])('fills in a search, which runs only when the user follows a link on the page: %s', async (path, filled, found) => {
    const html = await readPage(trial, path, { headers: sent.link() });
    expect(html).toContain(filled);
    expect(html).toContain('has not been run');
    expect(html).not.toContain(found);
    expect(linkOf(html, 'Run')).toBe(path);
    expect(await readPage(trial, path, { headers: sent.link('same-origin') })).toContain(found);
  });

  it('shows the same page after a reload, because Chromium then repeats the headers of the first load', async () => {
    for (let n = 0; n < 2; n++)
      expect(await readPage(trial, SQL_PAGE, { headers: { ...sent.link(), 'cache-control': 'max-age=0' } })).toContain(
        'has not been run',
      );
  });

  it.each([SQL_API, '/v1/invocations?format=csv&q=needle', '/v1/runs', '/v1/evidence?requestedAfter=2026', '/metrics'])(
    'opens, instead of a download, a page with this server’s own link to the download: %s',
    async (path) => {
      const reply = await ask(path, sent.link());
      const html = await reply.text();
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(reply.headers.get('content-type')?.toLowerCase()).toBe('text/html; charset=utf-8');
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(linkOf(html, 'Open it').replaceAll('&#x27;', "'")).toBe(path);
    },
  );

  it('cannot bring markup into a page by its address', async () => {
    const html = await (await ask('/v1/sql?sql="><script>alert(1)</script>', sent.link())).text();
    expect(html).not.toContain('<script>');
  });
});

describe('a return from single sign-on', () => {
  it('shows the page that was asked for, as after any link on another site', async () => {
    // The proxy that checks who the user is redirects the browser, which treats this as part of the other site's
    // navigation.
    const headers = { ...sent.link(), referer: 'https://login.example.org/', 'sec-fetch-user': '?1' };
    await readPage(trial, '/', { headers });
    await readPage(trial, `/invocations/${KEY}`, { headers });
  });
});

describe('a login that a link on another site opened', () => {
  const post = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { ...sent.link('same-origin'), 'content-type': 'application/x-www-form-urlencoded' },
  });

  it('runs nothing that the user has not seen: after the login, a page shows the address and a link to it', async () => {
    const token = guarded.makeToken('sql', 'linked');
    const led = await guarded.app.request(SQL_PAGE, { headers: sent.link() });
    const login = led.headers.get('location') ?? '';
    expect([led.status, login]).toEqual([303, `/login?next=${encodeURIComponent(SQL_PAGE)}`]);
    // On each redirect of a chain, the browser reports that the chain began on another site.
    const html = await (await guarded.app.request(login, { headers: sent.link() })).text();
    expect(html).toContain('name="linked"');
    expect(html).toContain(`<a href="${SQL_PAGE.replaceAll("'", '&#39;')}">`);
    const wrong = await (
      await guarded.app.request('/login', post({ token: 'x', next: SQL_PAGE, linked: 'yes' }))
    ).text();
    expect(wrong).toContain('name="linked"');
    const right = await guarded.app.request('/login', post({ token, next: SQL_PAGE, linked: 'yes' }));
    expect([right.status, right.headers.get('set-cookie')]).toEqual([
      200,
      expect.stringContaining('ssm_archive_session='),
    ]);
    expect(linkOf(await right.text(), 'Open it')).toBe(SQL_PAGE);
  });

  it('redirects at once if its page runs no query; a login without such a link always redirects at once', async () => {
    const token = guarded.makeToken('sql', 'other');
    for (const fields of [
      { token, next: '/coverage', linked: 'yes' },
      { token, next: SQL_PAGE },
    ]) {
      const reply = await guarded.app.request('/login', post(fields));
      expect([reply.status, reply.headers.get('location')]).toEqual([303, fields.next]);
    }
    const html = await (await guarded.app.request('/login?next=/sql', { headers: sent.link('none') })).text();
    expect(html).not.toContain('linked');
  });
});

describe('a caller that is not a page of another site', () => {
  it('is answered as usual if it is curl', async () => {
    expect(await trial.json(SQL_API)).toMatchObject({ rows: [['was run']] });
    expect((await ask('/v1/invocations?format=csv', { 'user-agent': 'curl/8', accept: '*/*' })).status).toBe(200);
    expect((await ask('/v1/invocations', {}, 'OPTIONS')).status).toBe(405);
  });

  it('is answered as usual if it is Prometheus, which asks by IP address and with a token', async () => {
    const authorization = `Bearer ${guarded.makeToken('reader', 'prometheus')}`;
    const headers = { host: '192.168.7.4:8420', 'user-agent': 'Prometheus/3.0.0', accept: 'text/plain', authorization };
    const reply = await guarded.app.request('/metrics', { headers });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('# TYPE ssm_archive_')]);
  });

  it('is answered as usual if it is a load balancer that asks for health under any host name', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await ask(path, { host: 'ip-10-0-0-7.ec2.internal:8420' })).status).toBe(200);
  });

  it('is answered as usual if it is a browser through `ssh -L 9000:localhost:8420`', async () => {
    const host = 'localhost:9000';
    const own = { host, referer: 'http://localhost:9000/sql' };
    for (const headers of [{ host, ...sent.link('none') }, { ...own, ...sent.link('same-origin') }, own])
      expect(await (await ask(SQL_PAGE, headers)).text()).toContain('was run');
    const form = { ...own, origin: 'http://localhost:9000', 'content-type': 'application/x-www-form-urlencoded' };
    const set = { method: 'POST', body: 'theme=dark&next=/', headers: form };
    expect((await trial.app.request('/display', set)).status).toBe(303);
  });

  it.each([
    ['that passes its name on', { host: 'archive.example.com' }],
    ['that asks with a Host of its own', { host: '127.0.0.1:8420', 'x-forwarded-host': 'archive.example.com' }],
    ['whose name is in the settings', { host: '127.0.0.1:8420' }],
  ])('is answered as usual if it is a browser behind a TLS proxy %s', async (how, headers) => {
    const own = how.startsWith('whose') ? named : how.startsWith('that asks') ? trusting : named;
    const origin = 'https://archive.example.com';
    const at = (path: string, more: Record<string, string>, init: RequestInit = {}) =>
      own.app.request(path, { ...init, headers: { ...headers, ...more } });
    for (const more of [sent.link('same-origin'), { accept: HTML, referer: `${origin}/sql` }])
      expect(await (await at(SQL_PAGE, more)).text()).toContain('was run');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const init = { method: 'POST', body: 'theme=dark&next=/' };
    for (const more of [{ ...sent.link('same-origin'), origin }, { origin }])
      expect((await at('/display', { ...form, ...more }, init)).status).toBe(303);
    expect((await at('/display', { ...form, origin: 'https://other.example.com' }, init)).status).toBe(403);
  });

  it('gets an error that names the setting, if a proxy changes Host and an old browser sends too few headers', async () => {
    const headers = { host: '127.0.0.1:8420', origin: 'http://archive.lan', accept: '*/*' };
    const { detail } = (await (await ask('/v1/runs', headers)).json()) as { detail: string };
    expect(detail).toContain('sent to 127.0.0.1:8420, by a page of http://archive.lan');
    expect(detail).toContain('SSM_ARCHIVE_PUBLIC_HOSTS');
  });

  it('is answered as usual if it is a bookmark or an address that somebody typed', async () => {
    expect(await readPage(trial, SQL_PAGE, { headers: sent.link('none') })).toContain('was run');
    expect((await ask(SQL_API, sent.link('none'))).headers.get('content-type')).toBe('application/json');
  });

  it('is answered as usual if it is part of this server’s own pages: “Try it out” of Swagger, suggestions, events or the editor', async () => {
    const own = sent.load('empty', 'cors', 'same-origin', { referer: 'http://localhost/docs' });
    expect((await ask(SQL_API, own)).status).toBe(200);
    expect((await ask('/suggestions?field=documentName&begin=', own)).status).toBe(200);
    const init = { method: 'POST', body: JSON.stringify({ sql: SQL }) };
    const headers = { ...own, origin: 'http://localhost', 'content-type': 'application/json' };
    expect((await trial.app.request('/v1/sql', { ...init, headers })).status).toBe(200);
    for (const dest of ['script', 'style'])
      expect((await ask('/docs/start.js', sent.load(dest, 'no-cors', 'same-origin'))).status).toBe(200);
  });

  it('is answered as usual if it is a page of this server over plain http, for which browsers send no Sec-Fetch-Site', async () => {
    const at = (path: string, headers: Record<string, string>) =>
      trial.app.request(path, { headers: { host: 'localhost:8420', accept: HTML, ...headers } });
    for (const headers of [{}, { referer: 'http://localhost:8420/sql' }, { origin: 'http://localhost:8420' }])
      expect(await (await at(SQL_PAGE, headers)).text()).toContain('was run');
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:8420', 'https://evil.example']) {
      for (const path of [SQL_PAGE, SQL_API]) {
        const html = await (await at(path, { referer: `${origin}/a?b` })).text();
        expect(html).not.toContain('was run<');
        expect(html).toContain(`sent to localhost:8420, by a page of ${origin}. If both are this server`);
      }
    }
  });

  it('is answered as usual if it is a page of an origin that the settings name, with its preflight', async () => {
    const headers = sent.load('empty', 'cors', 'cross-site', { origin: DASHBOARD });
    const wanted = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
    const preflight = { method: 'OPTIONS', headers: { ...headers, ...wanted } };
    const allowed = await shared.app.request('/v1/sql', preflight);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, DASHBOARD]);
    const post = { method: 'POST', body: JSON.stringify({ sql: SQL }) };
    const json = { ...headers, 'content-type': 'application/json' };
    for (const reply of [
      await shared.app.request(SQL_API, { headers }),
      await shared.app.request('/v1/sql', { ...post, headers: json }),
    ]) {
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([200, DASHBOARD]);
      expect(await reply.json()).toMatchObject({ rows: [['was run']] });
    }
    for (const path of ['/', SQL_PAGE, '/metrics'])
      expect([path, (await shared.app.request(path, { headers })).status]).toEqual([path, 403]);
    const other = { ...headers, origin: EVIL };
    expect((await shared.app.request(SQL_API, { headers: other })).status).toBe(403);
    expect((await shared.app.request('/v1/sql', { ...preflight, headers: { ...other, ...wanted } })).status).toBe(403);
  });

  it('is answered as usual if it is a request with a bearer token, from any page', async () => {
    const headers = sent.load('empty', 'cors', 'cross-site', { origin: EVIL });
    const authorization = `Bearer ${guarded.makeToken('sql')}`;
    expect((await guarded.app.request(SQL_API, { headers: { ...headers, authorization } })).status).toBe(200);
    expect((await guarded.app.request(SQL_API, { headers })).status).toBe(403);
    for (const wrong of ['Basic YTpi', 'Bearer', 'Negotiate abc', 'Bearerx y'])
      expect((await ask(SQL_API, { ...headers, authorization: wrong })).status).toBe(403);
  });
});
