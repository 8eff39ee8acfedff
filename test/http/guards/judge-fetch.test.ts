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
    // No page caused these requests: the client is not a browser, or the user typed the address.
    ['allow', 'from curl', {}],
    ['allow', 'from curl, to write', { method: 'POST' }],
    ['allow', 'from Prometheus with a token', { path: '/metrics', authorization: 'Bearer ssm_x' }],
    ['allow', 'from Node.js, whose fetch sends only its mode', { mode: 'cors' }],
    ['allow', 'from a browser whose user typed the address', { site: 'none', mode: 'navigate', dest: 'document' }],
    [
      'allow',
      'from a browser that loads a page while its user still types the address',
      { ...link('none'), purpose: 'prefetch;prerender' },
    ],
    ['allow', 'from an old browser whose user typed the address', { referer: '' }],

    // This server's own pages.
    ['allow', 'from a link of this server', { site: 'same-origin', mode: 'navigate', dest: 'document' }],
    ['allow', 'from a script of this server', { site: 'same-origin', mode: 'cors', dest: 'empty' }],
    [
      'allow',
      'from a form of this server',
      { ...link('same-origin'), method: 'POST', origin: 'http://archive.internal:8420' },
    ],
    [
      'allow',
      'from a page of this server behind a proxy',
      { site: 'same-origin', method: 'POST', origin: 'https://proxy.example' },
    ],
    ['allow', 'from a page of this server over plain http', { referer: 'http://archive.internal:8420/sql' }],
    ['allow', 'from a form of this server over plain http', { method: 'POST', origin: 'http://archive.internal:8420' }],
    ['allow', 'from a page of this server, with its name in capitals', { referer: 'http://ARCHIVE.internal:8420/' }],
    [
      'allow',
      'from a page of this server, with its scheme’s default port',
      { hosts: ['a.example:443'], origin: 'https://a.example' },
    ],
    [
      'allow',
      'from a page of this server, under the name of a proxy',
      { hosts: ['[::1]:8420', 'a.example'], origin: 'http://a.example' },
    ],
    ['allow', 'from a page of this server at an IPv6 address', { hosts: ['[::1]:8420'], origin: 'http://[::1]:8420' }],

    // Links from other pages to this server.
    ['link', 'from a link on another site', link()],
    ['link', 'from a link of a page on the same site', link('same-site')],
    ['link', 'from a link, with the method HEAD', { ...link(), method: 'HEAD' }],
    ['link', 'from a link of an origin that the settings name', { ...link(), referer: `${DASHBOARD}/` }],
    ['link', 'from a link, with a session', { ...link(), hasSession: true }],
    ['link', 'from a link over plain http', { referer: 'http://other.internal/' }],
    ['link', 'from a link of another port over plain http', { referer: 'http://archive.internal:3000/' }],
    ['link', 'from a link of another scheme', { referer: 'android-app://com.example.mail/' }],
    ['link', 'from a link whose Referer is not an address', { referer: 'about' }],

    // Other pages that load something from this server, or send something to it.
    ['refuse', 'from fetch without CORS', load()],
    ['refuse', 'from fetch of a page on the same site', load('same-site')],
    ['refuse', 'from fetch with CORS', { site: 'cross-site', mode: 'cors', dest: 'empty', origin: EVIL }],
    ['refuse', 'by a script', { ...load(), dest: 'script' }],
    ['refuse', 'from an image', { ...load(), dest: 'image' }],
    ['refuse', 'from an iframe', { ...link(), dest: 'iframe' }],
    ['refuse', 'from an object', { ...link(), dest: 'object' }],
    ['refuse', 'from a fenced frame', { ...link(), dest: 'fencedframe' }],
    ['refuse', 'by a worker', { ...load(), dest: 'worker' }],
    ['refuse', 'from a navigation with an empty destination', { site: 'cross-site', mode: 'navigate' }],
    ['refuse', 'by a prefetch', { ...link(), purpose: 'prefetch' }],
    ['refuse', 'by prerendering', { ...link(), purpose: 'prefetch;prerender' }],
    ['refuse', 'by a form', { ...link(), method: 'POST', origin: EVIL }],
    ['refuse', 'from a form of a page on the same site', { ...link('same-site'), method: 'POST' }],
    ['refuse', 'by a preflight', { site: 'cross-site', mode: 'cors', dest: 'empty', method: 'OPTIONS', origin: EVIL }],
    ['refuse', 'from a site of an unknown kind', { ...load(), site: 'elsewhere' }],
    ['refuse', 'with contradictory headers', { ...load(), site: 'same-origin, cross-site' }],
    ['refuse', 'with empty headers', { ...load(), site: '' }],
    ['refuse', 'from an old browser’s fetch', { origin: EVIL }],
    [
      'refuse',
      'from an old browser’s fetch that names this server as its origin',
      { origin: EVIL, referer: 'http://archive.internal:8420/' },
    ],
    ['refuse', 'from a page without an origin', { origin: 'null' }],
    ['refuse', 'from a form over plain http', { method: 'POST', origin: 'http://archive.internal:3000' }],
    [
      'refuse',
      'from a form over plain http whose origin is hidden',
      { method: 'POST', referer: 'http://other.internal/' },
    ],
    ['refuse', 'from a host whose name begins with this server’s name', { origin: 'http://archive.internal:84200' }],
    ['refuse', 'from a host whose name ends with this server’s name', { origin: 'http://evil-archive.internal:8420' }],
    [
      'refuse',
      'from an address with this server’s name as its user',
      { origin: 'http://archive.internal:8420@evil.example' },
    ],
    [
      'refuse',
      'from a port other than the default of its scheme',
      { hosts: ['a.example'], origin: 'https://a.example:8443' },
    ],
    ['refuse', 'from a page, to a server with an unreadable Host', { hosts: ['a b'], origin: 'http://a' }],

    // Pages that the settings name may use the whole API, and nothing else.
    ['allow', 'from a page that the settings name', { ...load(), mode: 'cors', origin: DASHBOARD }],
    ['allow', 'from a page that the settings name, in an old browser', { origin: DASHBOARD }],
    [
      'allow',
      'from a page that the settings name, to write',
      { ...load(), mode: 'cors', method: 'PUT', origin: DASHBOARD },
    ],
    [
      'allow',
      'from a page that the settings name, as a preflight',
      { ...load(), mode: 'cors', method: 'OPTIONS', origin: DASHBOARD },
    ],
    ['allow', 'from a page that the settings name, with a session', { ...load(), origin: DASHBOARD, hasSession: true }],
    [
      'refuse',
      'from a page that the settings name, to write with a session',
      { ...load(), method: 'POST', origin: DASHBOARD, hasSession: true },
    ],
    [
      'refuse',
      'from a page that the settings name, for a page of the console',
      { ...load(), path: '/sql', origin: DASHBOARD },
    ],
    [
      'refuse',
      'from a page that the settings name, for the AWS endpoint',
      { ...load(), path: '/', method: 'POST', origin: DASHBOARD },
    ],
    [
      'refuse',
      'from a page that the settings name, for a path that begins like the API’s',
      { ...load(), path: '/v1x', origin: DASHBOARD },
    ],
    [
      'refuse',
      'from a page whose origin begins like that of a page in the settings',
      { ...load(), origin: `${DASHBOARD}.evil.example` },
    ],

    // Headers that no page can make a browser send without a preflight.
    ['allow', 'with a bearer token, from any page', { ...load(), origin: EVIL, authorization: 'bearer ssm_x' }],
    [
      'allow',
      'with an AWS signature',
      { ...load(), method: 'POST', path: '/', authorization: 'AWS4-HMAC-SHA256 Credential=a' },
    ],
    ['refuse', 'with a password, which browsers add by themselves', { ...load(), authorization: 'Basic YTpi' }],
    ['refuse', 'with a ticket, which browsers add by themselves', { ...load(), authorization: 'Negotiate abc' }],
    ['refuse', 'with an empty token', { ...load(), authorization: 'Bearer ' }],
    ['refuse', 'with a scheme that begins like Bearer', { ...load(), authorization: 'Bearers x' }],
  ])('gets the verdict "%s" if it comes: %s', (verdict, _what, more) => {
    expect(judgeFetch(fetched(more))).toBe(verdict);
  });
});
