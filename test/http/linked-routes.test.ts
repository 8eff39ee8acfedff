import { describe, expect, it } from 'vitest';
import { PAGE_ADDRESSES, takenBy } from '../../src/http/console/addresses/page-addresses.ts';
import { type Route, routeTrial } from './route-trial.ts';

/** The value for which every question of these tests asks. */
const ABOUT = 'zebra';
const FIELDS = [
  ...['q', 'documentName', 'instanceId', 'instanceName', 'commandId', 'account', 'region', 'status', 'begin', 'node'],
];

/** A question with every parameter that a page or a route knows, and with the spans that some of them need. */
const QUESTION = {
  ...Object.fromEntries(FIELDS.map((name) => [name, ABOUT])),
  ...Object.fromEntries(['left', 'right'].map((name) => [name, Array(4).fill(ABOUT).join('/')])),
  ...{ sql: `SELECT '${ABOUT}'`, field: 'documentName' },
  ...{ requestedAfter: '2026-03-01', requestedBefore: '2026-04-01', from: '2026-03-01', to: '2026-04-01' },
};

/** The parameters of QUESTION that the page at this path knows, because pages refuse unknown parameters. */
function questionOf(path: string): string {
  const own = OWN_QUESTIONS[path];
  if (own !== undefined) return own;
  if (!PAGE_ADDRESSES[path]) return new URLSearchParams(QUESTION).toString();
  const { names } = takenBy(path, {});
  return new URLSearchParams(Object.entries(QUESTION).filter(([name]) => names.includes(name))).toString();
}

/** The queries for routes that refuse unknown parameters. */
const OWN_QUESTIONS: Record<string, string> = {
  '/collector/sweeps': `region=${ABOUT}-east-1`,
  '/suggestions': `field=documentName&begin=${ABOUT}`,
  '/reports/:name': `node=${ABOUT}`,
  '/v1/reports/:name': `node=${ABOUT}`,
  '/v1/sql': `sql=SELECT+'${ABOUT}'`,
  '/v1/invocations': `q=${ABOUT}`,
  '/invocations': `q=${ABOUT}`,
  '/evidence': `requestedAfter=2026-03-01&requestedBefore=2026-04-01&q=${ABOUT}`,
  '/v1/stats': `groupBy=day&q=${ABOUT}`,
  '/v1/evidence': `requestedAfter=2026-03-01&requestedBefore=2026-04-01&q=${ABOUT}`,
};

const link = (site: string) => ({
  ...{ accept: 'text/html', 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
});

describe('every route', () => {
  it('refuses all requests of another site’s page that are not links, before anything is read', async () => {
    const { app, asked, routes } = routeTrial();
    expect(routes.length).toBeGreaterThan(60);
    for (const { method, at } of routes) {
      for (const site of ['cross-site', 'same-site']) {
        const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' };
        const reply = await app.request(`${at}?${new URLSearchParams(QUESTION)}`, { method, headers });
        expect([method, at, reply.status]).toEqual([method, at, 403]);
      }
    }
    expect(asked).toEqual([]);
  });

  it('runs no query if a link on another site opened it; this test lists the routes that would run one otherwise', async () => {
    const { app, asked, routes } = routeTrial();
    /** Whether readers were asked. */
    const isRun = async ({ path, at }: Route, site: string) => {
      asked.length = 0;
      const reply = await app.request(`${at}?${questionOf(path)}`, { headers: link(site) });
      await reply.text();
      return asked.some((question) => question.includes(ABOUT));
    };
    const run: string[] = [];
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      for (const site of ['cross-site', 'same-site'])
        expect([route.path, await isRun(route, site)]).toEqual([route.path, false]);
      if (await isRun(route, 'same-origin')) run.push(route.path);
    }
    expect(run.filter((path) => !path.startsWith('/v1/')).sort()).toEqual([
      ...['/collector/sweeps', '/compare', '/evidence', '/invocations', '/nodes', '/reports/:name', '/sql'],
      '/suggestions',
    ]);
    expect(run).toEqual(expect.arrayContaining(Object.keys(OWN_QUESTIONS)));
  });

  it('forbids, by the headers of its answer, that pages of other sites use the answer or its window', async () => {
    const { app, routes } = routeTrial();
    for (const { method, at } of routes) {
      const { headers } = await app.request(at, { method });
      expect([at, headers.get('cross-origin-resource-policy')]).toEqual([at, 'same-origin']);
      expect([at, headers.get('cross-origin-opener-policy')]).toEqual([at, 'same-origin']);
    }
  });
});
