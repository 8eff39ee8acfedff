import { describe, expect, it } from 'vitest';
import { type Fetched, type FetchVerdict, judgeFetch } from '../../../src/http/guards/judge-fetch.ts';

const EVIL = 'https://evil.example';
const DASHBOARD = 'https://audit.example.com';
const fetched = (more: Partial<Fetched> = {}): Fetched => ({
  ...{ method: 'GET', path: '/v1/sql', site: undefined, mode: undefined, dest: undefined, purpose: undefined },
  ...{ origin: undefined, referer: undefined, authorization: undefined, hasSession: false },
  ...{ hosts: ['archive.internal:8420'], corsOrigins: [DASHBOARD], ...more },
});
const link = (site = 'cross-site') => ({ site, mode: 'navigate', dest: 'document' });
const load = (site = 'cross-site') => ({ site, mode: 'no-cors', dest: 'empty' });

describe('a request', () => {
  it.each<[FetchVerdict, string, Partial<Fetched>]>([
    // What sends none of it is no browser, or one that was told the address.
    ['allow', 'of curl', {}],
    ['allow', 'of curl, that writes', { method: 'POST' }],
    ['allow', 'of Prometheus with a token', { path: '/metrics', authorization: 'Bearer ssm_x' }],
    ['allow', 'of Node.js, whose fetch says its mode alone', { mode: 'cors' }],
    ['allow', 'of a browser that was told the address', { site: 'none', mode: 'navigate', dest: 'document' }],
    ['allow', 'of a browser that looks ahead while one types', { ...link('none'), purpose: 'prefetch;prerender' }],
    ['allow', 'of a browser without those headers that was told the address', { referer: '' }],

    // This server's own pages.
    ['allow', 'of an own link', { site: 'same-origin', mode: 'navigate', dest: 'document' }],
    ['allow', 'of an own script', { site: 'same-origin', mode: 'cors', dest: 'empty' }],
    ['allow', 'of an own form', { ...link('same-origin'), method: 'POST', origin: 'http://archive.internal:8420' }],
    [
      'allow',
      'of an own page behind a proxy',
      { site: 'same-origin', method: 'POST', origin: 'https://proxy.example' },
    ],
    ['allow', 'of an own page over plain http', { referer: 'http://archive.internal:8420/sql' }],
    ['allow', 'of an own form over plain http', { method: 'POST', origin: 'http://archive.internal:8420' }],
    ['allow', 'of an own page, its name in capitals', { referer: 'http://ARCHIVE.internal:8420/' }],
    ['allow', 'of an own page of a scheme’s own port', { hosts: ['a.example:443'], origin: 'https://a.example' }],
    [
      'allow',
      'of an own page by the name of a proxy',
      { hosts: ['[::1]:8420', 'a.example'], origin: 'http://a.example' },
    ],
    ['allow', 'of an own page at an address of IPv6', { hosts: ['[::1]:8420'], origin: 'http://[::1]:8420' }],

    // Other pages that lead a browser here.
    ['link', 'by a link of another site', link()],
    ['link', 'by a link of a page beside this', link('same-site')],
    ['link', 'by a link, asked for its headers alone', { ...link(), method: 'HEAD' }],
    ['link', 'by a link of an origin that the settings name', { ...link(), referer: `${DASHBOARD}/` }],
    ['link', 'by a link, with a session', { ...link(), hasSession: true }],
    ['link', 'by a link over plain http', { referer: 'http://other.internal/' }],
    ['link', 'by a link of another port over plain http', { referer: 'http://archive.internal:3000/' }],
    ['link', 'by a link of another scheme', { referer: 'android-app://com.example.mail/' }],
    ['link', 'by a link of what is no address', { referer: 'about' }],

    // Other pages that load something, or send it.
    ['refuse', 'by fetch without CORS', load()],
    ['refuse', 'by fetch of a page beside this', load('same-site')],
    ['refuse', 'by fetch with CORS', { site: 'cross-site', mode: 'cors', dest: 'empty', origin: EVIL }],
    ['refuse', 'by a script', { ...load(), dest: 'script' }],
    ['refuse', 'by an image', { ...load(), dest: 'image' }],
    ['refuse', 'by an iframe', { ...link(), dest: 'iframe' }],
    ['refuse', 'by an object', { ...link(), dest: 'object' }],
    ['refuse', 'by a fenced frame', { ...link(), dest: 'fencedframe' }],
    ['refuse', 'by a worker', { ...load(), dest: 'worker' }],
    ['refuse', 'by navigation to nowhere', { site: 'cross-site', mode: 'navigate' }],
    ['refuse', 'by a prefetch', { ...link(), purpose: 'prefetch' }],
    ['refuse', 'by a prerendering', { ...link(), purpose: 'prefetch;prerender' }],
    ['refuse', 'by a form', { ...link(), method: 'POST', origin: EVIL }],
    ['refuse', 'by a form of a page beside this', { ...link('same-site'), method: 'POST' }],
    ['refuse', 'by a preflight', { site: 'cross-site', mode: 'cors', dest: 'empty', method: 'OPTIONS', origin: EVIL }],
    ['refuse', 'by a site of a kind that is not known', { ...load(), site: 'elsewhere' }],
    ['refuse', 'by what says two things', { ...load(), site: 'same-origin, cross-site' }],
    ['refuse', 'by what says nothing', { ...load(), site: '' }],
    ['refuse', 'by an old browser’s fetch', { origin: EVIL }],
    [
      'refuse',
      'by an old browser’s fetch that says it is of here',
      { origin: EVIL, referer: 'http://archive.internal:8420/' },
    ],
    ['refuse', 'by a page without an origin', { origin: 'null' }],
    ['refuse', 'by a form over plain http', { method: 'POST', origin: 'http://archive.internal:3000' }],
    [
      'refuse',
      'by a form over plain http whose origin is not told',
      { method: 'POST', referer: 'http://other.internal/' },
    ],
    ['refuse', 'by a name that begins alike', { origin: 'http://archive.internal:84200' }],
    ['refuse', 'by a name that ends alike', { origin: 'http://evil-archive.internal:8420' }],
    ['refuse', 'by a name of a user', { origin: 'http://archive.internal:8420@evil.example' }],
    ['refuse', 'by another port of a scheme’s own', { hosts: ['a.example'], origin: 'https://a.example:8443' }],
    ['refuse', 'where the server’s own name can’t be read', { hosts: ['a b'], origin: 'http://a' }],

    // Pages that the settings name: all of the API, and nothing else.
    ['allow', 'of a page that the settings name', { ...load(), mode: 'cors', origin: DASHBOARD }],
    ['allow', 'of such a page, without those headers', { origin: DASHBOARD }],
    ['allow', 'of such a page, that writes', { ...load(), mode: 'cors', method: 'PUT', origin: DASHBOARD }],
    ['allow', 'of such a page, its preflight', { ...load(), mode: 'cors', method: 'OPTIONS', origin: DASHBOARD }],
    ['allow', 'of such a page, with a session', { ...load(), origin: DASHBOARD, hasSession: true }],
    [
      'refuse',
      'of such a page, that writes by a session',
      { ...load(), method: 'POST', origin: DASHBOARD, hasSession: true },
    ],
    ['refuse', 'of such a page, for a page of the console', { ...load(), path: '/sql', origin: DASHBOARD }],
    ['refuse', 'of such a page, for the AWS endpoint', { ...load(), path: '/', method: 'POST', origin: DASHBOARD }],
    ['refuse', 'of such a page, for a path that begins alike', { ...load(), path: '/v1x', origin: DASHBOARD }],
    ['refuse', 'of a page whose origin begins alike', { ...load(), origin: `${DASHBOARD}.evil.example` }],

    // What no page can have a browser send without a preflight.
    ['allow', 'with a bearer token, from any page', { ...load(), origin: EVIL, authorization: 'bearer ssm_x' }],
    [
      'allow',
      'with a signature of AWS’s',
      { ...load(), method: 'POST', path: '/', authorization: 'AWS4-HMAC-SHA256 Credential=a' },
    ],
    ['refuse', 'with a password, which goes along by itself', { ...load(), authorization: 'Basic YTpi' }],
    ['refuse', 'with a ticket, which goes along by itself', { ...load(), authorization: 'Negotiate abc' }],
    ['refuse', 'with no token', { ...load(), authorization: 'Bearer ' }],
    ['refuse', 'with a word that begins alike', { ...load(), authorization: 'Bearers x' }],
  ])('is answered with %s: %s', (verdict, _what, more) => {
    expect(judgeFetch(fetched(more))).toBe(verdict);
  });
});
