import { randomBytes } from 'node:crypto';
import { constants, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { describe, expect, it } from 'vitest';
import type { AccessEnv } from '../../../src/access/caller.ts';
import { compressStreams } from '../../../src/http/compress-streams.ts';
import { respondInParts, respondProgressively } from '../../../src/http/console/frame/respond-page.tsx';
import { isCompressible } from '../../../src/http/is-compressible.ts';
import { ReadTimedOut } from '../../../src/processes/pool/errors.ts';
import { apiTrial } from '../api/api-trial.ts';

/** A server with one page, whose last part is sent when the test says so. */
function serve() {
  let end: (content: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const later = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const app = new Hono<AccessEnv>();
  app.use(compress({ encoding: 'gzip', contentTypeFilter: isCompressible }));
  app.use(compressStreams());
  const deps = { random: randomBytes, now: () => new Date(0) };
  app.get('/', (c) => respondProgressively(deps, c, { title: 'Slow' }, 'at once', later));
  return { app, end, fail };
}

const partial = { finishFlush: constants.Z_SYNC_FLUSH };

describe('a page whose last part takes time', () => {
  it.each(['identity', 'gzip'])('is shown without its last part until that part is ready (%s)', async (encoding) => {
    const { app, end } = serve();
    const reply = await app.request('/', { headers: { 'accept-encoding': encoding } });
    expect(reply.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
    const read = (bytes: Buffer) => (encoding === 'gzip' ? gunzipSync(bytes, partial) : bytes).toString();
    const reader = reply.body?.getReader();
    let bytes = Buffer.alloc(0);
    const more = async () => {
      const part = await reader?.read();
      bytes = Buffer.concat([bytes, part?.value ?? Buffer.alloc(0)]);
      return part?.done === false;
    };
    while (!(bytes.length > 10 && read(bytes).includes('Looking through the archive…'))) await more();
    expect(read(bytes)).toContain('at once');
    expect(read(bytes)).not.toContain('</html>');
    end('<b>later');
    while (await more());
    expect(read(bytes)).toMatch(/Looking through the archive…<\/p>&lt;b&gt;later<\/main>.*<\/html>$/s);
  });

  it('shows an error message instead of its last part if that part fails', async () => {
    const { app, fail } = serve();
    const reply = app.request('/');
    fail(new ReadTimedOut(1000));
    const text = await (await reply).text();
    expect(text).toMatch(/<p class="note bad" role="alert">This takes longer than a page may take\..*<\/html>$/s);
  });
});

describe('the access log', async () => {
  const trial = apiTrial({ isRead: false });
  await trial.record([{ CommandId: 'c-1' }]);

  it.each([
    ['/invocations?status=Failed', 200],
    ['/invocations?q=words', 200],
    ['/nodes/1/2/3', 404],
    ['/documents', 200],
    ['/suggestions?field=instanceId&begin=i', 200],
    ['/', 200],
  ])('has a row for the page %s that says how it ended', async (path, status) => {
    await (await trial.app.request(path)).text();
    const [asked = '', query = ''] = path.split('?');
    expect(trial.accessRows()).toMatchObject([{ caller: 'local', path: asked, query, status, outcome: 'complete' }]);
  });

  it('has no row for paths that reveal nothing about the archive', async () => {
    const before = trial.accessRows();
    for (const path of ['/display', '/healthz', '/docs', '/openapi.json', '/assets/none.js'])
      await (await trial.app.request(path)).text();
    expect(trial.accessRows()).toEqual(before);
  });
});

describe('a page that is as long as what it shows', () => {
  it('ends with an error message after the parts that were ready if a later one fails', async () => {
    const app = new Hono<AccessEnv>();
    async function* parts() {
      yield 'part <1>';
      throw new ReadTimedOut(1000);
    }
    const deps = { random: randomBytes, now: () => new Date(0) };
    app.get('/', (c) => respondInParts(deps, c, { title: 'Long' }, 'at once', parts()));
    const text = await (await app.request('/')).text();
    expect(text).toMatch(/at once.*part &lt;1&gt;.*role="alert">This takes longer than a page may take\..*<\/html>$/s);
  });
});
