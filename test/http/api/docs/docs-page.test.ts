import { describe, expect, it } from 'vitest';
import { apiTrial } from '../api-trial.ts';

const api = apiTrial();
const get = async (path: string) => {
  const reply = await api.app.request(path);
  return { status: reply.status, headers: reply.headers, text: await reply.text() };
};

describe('/docs', () => {
  it('loads nothing from other servers', async () => {
    const { status, text } = await get('/docs');
    expect(status).toBe(200);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(loaded).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
    expect(text).not.toMatch(/\/\/\w/);
    for (const url of loaded) {
      const asset = await get(url);
      expect([url, asset.status]).toEqual([url, 200]);
      expect(asset.headers.get('content-type')).toMatch(url.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
      expect(asset.text.length).toBeGreaterThan(50);
    }
    expect((await get('/docs/swagger-ui.css')).text).not.toMatch(/url\(\s*["']?(https?:)?\/\//);
    const start = (await get('/docs/start.js')).text;
    expect(start).toContain("url: '/openapi.json'");
    // Without this setting, Swagger UI would send the document's address to validator.swagger.io.
    expect(start).toContain('validatorUrl: null');
  });

  it('has a content security policy that allows only files of this server, and the inline styles and data: images that Swagger UI needs', async () => {
    const policy = (await get('/docs')).headers.get('content-security-policy') ?? '';
    const rules = new Map(
      policy.split(';').map((rule) => {
        const [name = '', ...sources] = rule.trim().split(' ');
        return [name, sources];
      }),
    );
    expect(rules.get('default-src')).toEqual(["'self'"]);
    expect(rules.get('style-src')).toEqual(["'self'", "'unsafe-inline'"]);
    expect(rules.get('img-src')).toEqual(["'self'", 'data:']);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    // No rule for scripts or connections is wider than default-src.
    for (const name of ['script-src', 'connect-src', 'font-src']) expect(rules.has(name)).toBe(false);
    // The page has no inline script, which the policy would block.
    expect((await get('/docs')).text).not.toMatch(/<script>|\son\w+=/);
  });
});
