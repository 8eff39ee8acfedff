import { describe, expect, it } from 'vitest';
import { apiTrial } from '../../../api/api-trial.ts';
import { page } from '../../console-trial.ts';
import { formOf } from '../../read-page.ts';

const trial = apiTrial({ isRead: false });
await trial.record([{ CommandId: 'c-1', RequestedDateTime: Date.parse('2026-03-30T22:30:00Z') / 1000 }]);

async function display(fields: Record<string, string>, cookie = ''): Promise<Response> {
  const init = formOf(fields);
  return trial.app.request('/display', { ...init, headers: { ...init.headers, cookie } });
}

const cookieOf = (reply: Response) => reply.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the display of pages', () => {
  it('is in UTC by default, and the page says so', async () => {
    const html = await page(trial, '/invocations');
    expect(html).toContain('2026-03-30 22:30:00</time>');
    expect(html).toMatch(/Times in<\/span> UTC/);
    expect(html).toContain('<html lang="en" data-theme="auto" data-keys="on">');
  });

  it('follows the zone, colours and keys that the user chose, and returns to the page where they were chosen', async () => {
    const zone = await display({ zone: 'Europe/Berlin', next: '/invocations?status=Success' });
    expect([zone.status, zone.headers.get('location')]).toEqual([303, '/invocations?status=Success']);
    expect(zone.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const dark = await display({ theme: 'dark', keys: 'off', next: '/' }, cookieOf(zone));
    const html = await page(trial, '/invocations', 200, { headers: { cookie: cookieOf(dark) } });
    expect(html).toContain('title="2026-03-30T22:30:00.000Z">2026-03-31 00:30:00</time>');
    expect(html).toMatch(/Times in<\/span> Europe\/Berlin/);
    expect(html).toContain('data-theme="dark" data-keys="off"');
  });

  it('stays as it was if the chosen zone is unknown, and an error says so', async () => {
    const html = await page(trial, '/display', 400, formOf({ zone: 'Mars/Olympus"><script>', next: '/' }));
    expect(html).toContain('This server knows no time zone “Mars/Olympus&quot;&gt;&lt;script&gt;”');
  });

  it('is the default if the cookie has an impossible value', async () => {
    const cookie = 'ssm_archive_display=zone%3DNowhere%26theme%3D%22%3E%26keys%3D7';
    const html = await page(trial, '/display', 200, { headers: { cookie } });
    expect(html).toContain('data-theme="auto" data-keys="on"');
    expect(html).toContain('name="zone" value="UTC"');
  });

  it.each(['//evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    'never redirects to another site after a choice: %s',
    async (next) => {
      expect((await display({ zone: 'UTC', next })).headers.get('location')).toBe('/');
    },
  );

  it('cannot be set by a page of another site', async () => {
    const init = formOf({ theme: 'dark' });
    const headers = { ...init.headers, 'sec-fetch-site': 'cross-site' };
    expect((await trial.app.request('/display', { ...init, headers })).status).toBe(403);
  });
});

describe('the files of the console', () => {
  it('may be cached forever, and need nothing from other servers', async () => {
    const html = await page(trial, '/');
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths.map((path) => path.replace(/-[A-Z0-9]{8}/, ''))).toEqual(['/assets/style.css', '/assets/console.js']);
    for (const path of paths) {
      const reply = await trial.app.request(path);
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(reply.headers.get('content-type')).toBe(
        path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      );
      expect(await reply.text()).not.toMatch(/url\((?!#)|@import|https?:\/\//);
    }
  });

  it.each(['other.css', 'manifest.json', '..%2F..%2Fpackage.json', 'console.js'])(
    'are only the ones that the build made, and do not include %s',
    async (name) => {
      expect(await page(trial, `/assets/${name}`, 404)).toContain('This file is not here');
    },
  );
});

describe('an address without a page', () => {
  it('returns a page to a browser, and problem details to a program', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    expect(await page(trial, '/nothing/here', 404, { headers: { accept } })).toContain(
      'A page with this address is not here',
    );
    expect((await trial.app.request('/nothing/here')).headers.get('content-type')).toBe('application/problem+json');
  });
});
