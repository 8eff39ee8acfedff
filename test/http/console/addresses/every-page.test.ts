import { describe, expect, it } from 'vitest';
import { PAGE_ADDRESSES, takenBy } from '../../../../src/http/console/addresses/page-addresses.ts';
import { routeTrial } from '../../route-trial.ts';

/** Routes that are not pages: programs read them, or pages load them. */
const NO_PAGES = /^\/(v1\/|openapi\.json|docs|healthz|readyz|metrics|assets\/|suggestions)/;
/** Of the pages, only `/login` is outside the console; it reads nothing from the archive. */
const OUTSIDE = ['/login'];

/**
 * The app, its pages, and a function that opens a page and returns what the page asked the readers, except for the
 * suggestions of a form.
 */
function pagesTrial() {
  const { app, asked, routes } = routeTrial();
  return {
    app,
    pages: routes.filter(({ method, path }) => method === 'GET' && !NO_PAGES.test(path)),
    async open(path: string) {
      asked.length = 0;
      const reply = await app.request(path, { headers: { accept: 'text/html' } });
      const html = await reply.text();
      return { status: reply.status, html, asked: asked.filter((question) => !question.includes('suggestValues')) };
    },
  };
}

/** Where the page's link "The same page without it" leads. */
const withoutIt = (html: string) =>
  (/<a href="([^"]+)">The same page without it/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

/** Links to downloads and other views of the same rows. */
const CONTENT = /data-rows|data-grid|format=csv|certificate\?|action="\/v1\/evidence"/;

describe('every page of the console', () => {
  it('is in the list that names the parameters of each page, and the list has no other page', () => {
    const paths = pagesTrial().pages.map(({ path }) => path);
    expect(Object.keys(PAGE_ADDRESSES).sort()).toEqual(paths.filter((path) => !OUTSIDE.includes(path)).sort());
    expect(paths.length).toBeGreaterThan(20);
  });

  it('names a parameter that it does not have, asks the archive nothing, and links to the same page without it', async () => {
    const { pages, open } = pagesTrial();
    for (const { path, at } of pages) {
      for (const stranger of ['utm_source', 'format', 'documentNaem']) {
        const { status, html, asked } = await open(`${at}?${stranger}=x`);
        expect([path, status, asked]).toEqual([path, 400, []]);
        expect(html).toContain('id="not-understood"');
        expect(html).toMatch(
          new RegExp(`<code>${stranger}</code> is (not a parameter of this page\\.|not a parameter of what-ran)`),
        );
        expect(html).not.toMatch(CONTENT);
        expect(withoutIt(html)).toBe(at);
      }
      expect([path, (await open(at)).html.includes('not-understood')]).toEqual([path, false]);
    }
  });

  it('says that a parameter is given twice if it may be given only once', async () => {
    const { pages, open } = pagesTrial();
    let tried = 0;
    for (const { path, at } of pages) {
      const { names, many = [] } = PAGE_ADDRESSES[path] ? takenBy(path, {}) : { names: ['next'] };
      for (const name of names.filter((one) => !many.includes(one))) {
        tried += 1;
        const { status, html, asked } = await open(`${at}?${name}=1&${name}=2`);
        expect([path, name, status, asked]).toEqual([path, name, 400, []]);
        expect(html).toContain(`<code>${name}</code> is given more than once`);
        expect(html).not.toMatch(CONTENT);
      }
    }
    expect(tried).toBeGreaterThan(20);
  });

  it('treats an empty field as not given', async () => {
    const { open } = pagesTrial();
    for (const path of [
      '/?from=&to=',
      '/coverage?from=&from=',
      '/nodes?begin=&cursor=',
      '/collector/sweeps?day=&account=',
    ])
      expect((await open(path)).html).not.toContain('not-understood');
  });
});

describe('a value that a page cannot read', () => {
  it.each([
    ['/?from=garbage', 'from', '/'],
    ['/?from=2026-03-02&to=2026-03-01', 'to', '/?from=2026-03-02'],
    ['/?from=1990-01-01&to=2026-03-01', 'to', '/?from=1990-01-01'],
    ['/coverage?to=garbage', 'to', '/coverage'],
    ['/nodes/1/1/1?from=garbage', 'from', '/nodes/1/1/1'],
    ['/documents/1?to=garbage&from=-7d', 'to', '/documents/1?from=-7d'],
    ['/invocations?column=nothing', 'column', '/invocations'],
    ['/invocations?sort=nothing&status=Failed', 'sort', '/invocations?status=Failed'],
    ['/invocations?cursor=garbage&status=Failed', 'cursor', '/invocations?status=Failed'],
    ['/commands?cursor=garbage', 'cursor', '/commands'],
    ['/nodes?begin=i-1&cursor=garbage', 'cursor', '/nodes?begin=i-1'],
    ['/documents?cursor=garbage', 'cursor', '/documents'],
    ['/collector?before=garbage', 'before', '/collector'],
    ['/collector?before=-1', 'before', '/collector'],
    ['/collector/sweeps?before=x&outcome=failed', 'before', '/collector/sweeps?outcome=failed'],
    ['/collector/sweeps?outcome=Faild', 'outcome', '/collector/sweeps'],
    ['/collector/sweeps?day=yesterday', 'day', '/collector/sweeps'],
    ['/collector/sweeps?account=12345678901', 'account', '/collector/sweeps'],
    ['/collector/sweeps?region=Ireland', 'region', '/collector/sweeps'],
    ['/compare?left=1&right=1/1/1/1', 'left', '/compare?right=1%2F1%2F1%2F1'],
    ['/sql?sql=SELECT+1&limit=7', 'limit', '/sql?sql=SELECT+1'],
    ['/sql?sql=SELECT+1&explain=1', 'explain', '/sql?sql=SELECT+1'],
    ['/sql?sql=SELECT+:a&:b=1', ':b', '/sql?sql=SELECT+%3Aa'],
    ['/reports/what-ran?from=2026-03-01&limit=7', 'limit', '/reports/what-ran?from=2026-03-01'],
    ['/reports/what-ran?from=garbage', 'from', '/reports/what-ran'],
    [
      '/evidence?requestedAfter=2026-03-01&requestedBefore=garbage',
      'requestedBefore',
      '/evidence?requestedAfter=2026-03-01',
    ],
  ])(
    'causes an error that names the parameter and links to the page without it, with no rows or exports: %s',
    async (path, name, without) => {
      const { status, html, asked } = await pagesTrial().open(path);
      expect([status, asked]).toEqual([400, []]);
      expect(html).toContain('id="not-understood"');
      expect(html).toContain(`<code>${name}</code> `);
      expect(html).not.toMatch(CONTENT);
      expect(withoutIt(html)).toBe(without);
    },
  );

  it('is reported to the script that asked for suggestions, and the script gets no suggestions', async () => {
    const { app } = pagesTrial();
    for (const query of ['field=nothing', 'field=instanceId&begin=i&more=1', 'field=instanceId&begin=i&begin=j']) {
      const reply = await app.request(`/suggestions?${query}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ values: [], faults: [{ parameter: expect.any(String) }] });
    }
  });
});

describe('an address that the console made, in this version or an older one', () => {
  it.each([
    ['/login?next=%2Finvocations%3Fstatus%3DFailed%26cursor%3Dabc', 303],
    ['/invocations?document=Doc&from=2026-03-01&cursor=old', 301],
    ['/evidence?command=c&from=2026-03-01&to=2026-04-01', 301],
    ['/display?next=%2Fnodes', 200],
    ['/sql/save?sql=SELECT+:from&:from=1&limit=500', 200],
  ])('still works: %s', async (path, status) => {
    expect((await pagesTrial().open(path)).status).toBe(status);
  });
});
