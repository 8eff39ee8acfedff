import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../../archive/archive-with-passes.ts';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { apiTrial } from '../../api/api-trial.ts';
import { cellsOf, linkOf, readPage } from '../read-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)></textarea></pre><script>alert(2)</script>"\'\u001b[2J\u0000\u202egpj';
const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT';

const trial = apiTrial({ isRead: false });
const guarded = apiTrial({ isRead: false });

const pathOf = (query: Record<string, string>) => `/sql?${new URLSearchParams(query)}`;
const ask = (query: Record<string, string>) => readPage(trial, pathOf(query));

describe('the SQL page', async () => {
  await trial.record([
    { InstanceId: 'i-1', RequestedDateTime: NOW_MS / 1000 - 60, Comment: HOSTILE },
    { InstanceId: 'i-2', Comment: '', CommandPlugins: [rawPlugin({ Output: `long ${'x'.repeat(500)} end` })] },
  ]);

  it('has a form that needs no script, example queries, and every table with its columns', async () => {
    const html = await readPage(trial, '/sql');
    expect(html).toMatch(/<form method="get" action="\/sql"/);
    expect(html).toContain('data-table="plugin_runs"');
    expect(html).toContain('data-column="requested_at"');
    for (const [, path = ''] of html.matchAll(/href="(\/sql\?sql=[^"]+)"/g)) {
      const value = path.includes('words') ? `&${new URLSearchParams({ ':words': 'disk' })}` : '';
      const answer = await readPage(trial, `${path}${value}`);
      expect(answer).not.toContain('role="alert"');
      expect(answer).toMatch(/<strong>[\d,]+ rows? in/);
    }
  });

  it('shows rows, their number and the elapsed time, and shows NULL, the empty text and numbers differently', async () => {
    const html = await ask({ sql: "SELECT NULL, '', 'NULL', 9007199254740993, 2.0, 'a\tb'" });
    expect(cellsOf(html)).toEqual([['<em class="null">NULL</em>', '', 'NULL', '9007199254740993', '2.0', 'a\\tb']]);
    expect(html).toMatch(/<td class="number">9007199254740993/);
    expect(html).toMatch(/<strong>1 row in [\d.]+ m?s<\/strong>/);
  });

  it('keeps the query in the field, whatever the query is', async () => {
    const html = await ask({ sql: `SELECT '</textarea><script>alert(1)</script>'` });
    expect(html).toContain('SELECT &#39;&lt;/textarea&gt;&lt;script&gt;');
    expect(html).not.toContain('<script>alert');
  });

  it('shortens long texts, and shows the whole text if the user opens it', async () => {
    const html = await ask({ sql: "SELECT output FROM plugin_runs WHERE instance_id = 'i-2'" });
    expect(html).toMatch(/<summary>long x{155}…<\/summary>/);
    expect(html).toContain(`${'x'.repeat(500)} end</pre>`);
  });

  it('links commands, nodes and documents in a result to their pages', async () => {
    const hrefs = (html: string) =>
      [...(html.split('data-grid')[1] ?? '').matchAll(/<a href="([^"]+)"/g)].map(([, to]) => to);
    const key = 'account_id, region, command_id, instance_id, document_name';
    const place = '012345678901/eu-west-1';
    const command = '11111111-2222-4333-8444-555555555555';
    expect(hrefs(await ask({ sql: `SELECT ${key} FROM invocations WHERE instance_id = 'i-2'` }))).toEqual([
      `/commands/${place}/${command}`,
      `/invocations/${place}/${command}/i-2`,
      '/documents/AWS-RunShellScript',
    ]);
    expect(
      hrefs(await ask({ sql: "SELECT region, account_id, 'i-2' AS instance_id FROM invocations LIMIT 1" })),
    ).toEqual([`/nodes/${place}/i-2`]);
    expect(
      hrefs(await ask({ sql: "SELECT NULL AS document_name, instance_id, '//x' AS link FROM invocations" })),
    ).toEqual([]);
  });

  it('says if rows were left out', async () => {
    const html = await ask({ sql: `${ENDLESS} n FROM c LIMIT 101`, limit: '100' });
    expect(cellsOf(html)).toHaveLength(100);
    expect(html).toContain('Truncated at 100 rows');
    expect(await ask({ sql: `${ENDLESS} n FROM c LIMIT 100`, limit: '100' })).not.toContain('Truncated');
    const columns = Array.from({ length: 100 }, (_, n) => `n AS c${n}`).join();
    const many = await ask({ sql: `${ENDLESS} ${columns} FROM c LIMIT 300` });
    expect(cellsOf(many)).toHaveLength(200);
    expect(many).toContain('Truncated at 200 rows');
    const wide = await ask({ sql: `${ENDLESS} printf('%.*c', 300000, 'x') FROM c LIMIT 10` });
    expect(wide).toContain('Truncated at 3 rows');
  });

  it('links to all rows in the API', async () => {
    const html = await ask({ sql: 'SELECT instance_id FROM invocations WHERE instance_id = :id', ':id': 'i-1' });
    expect(cellsOf(html)).toEqual([['i-1']]);
    expect(await (await trial.app.request(linkOf(html, 'CSV for programs'))).text()).toBe('instance_id\r\ni-1\r\n');
    const sheet = await trial.app.request(linkOf(html, 'CSV for spreadsheets'));
    expect(Buffer.from(await sheet.arrayBuffer()).toString()).toBe('\ufeffinstance_id\r\ni-1\r\n');
    expect(await (await trial.app.request(linkOf(html, 'NDJSON'))).text()).toBe('{"instance_id":"i-1"}\n');
    expect(await (await trial.app.request(linkOf(html, 'JSON'))).json()).toMatchObject({ rows: [['i-1']] });
  });

  it('has a field for each parameter, and binds a whole number as INTEGER', async () => {
    const html = await ask({ sql: 'SELECT typeof(:n), @text', ':n': '5', '@text': 'é' });
    expect(cellsOf(html)).toEqual([['integer', 'é']]);
    expect(html).toContain('<input name=":n" value="5"');
    expect(await ask({ sql: 'SELECT :n' })).toContain('The parameter :n has no value.');
  });

  it('shows the error message of SQLite, and marks the place', async () => {
    const html = await ask({ sql: 'SELECT 1,\n  absent FROM runs' });
    expect(html).toContain('no such column: absent (line 2, column 3)');
    expect(html).toContain('<mark>absent</mark>');
    expect(html).toContain('data-offset="13"');
    expect(await ask({ sql: 'DELETE FROM runs' })).toContain('Only a query is answered here');
  });

  it('shows the plan as a tree, without values; for a wrong query it shows the place in the query’s own text', async () => {
    const sql = 'SELECT * FROM runs WHERE id IN (SELECT id FROM runs WHERE started_at > :from)';
    const html = await ask({ sql, explain: 'plan' });
    expect(html).toMatch(/<ul class="plan"><li><code[^>]*>SEARCH runs[\s\S]*<ul class="plan"><li>/);
    expect(await ask({ sql: 'SELECT * FROM runs', explain: 'plan' })).toContain('<code class="scan">SCAN runs</code>');
    expect(await ask({ sql: 'SELECT absent FROM runs', explain: 'plan' })).toContain('(line 1, column 8)');
  });

  it('shows the output of a node as text, with every character visible', async () => {
    const html = await ask({ sql: "SELECT comment FROM invocations WHERE instance_id = 'i-1'" });
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<img/);
    expect(html).toContain('\\x00\\u202egpj');
    for (const unseen of ['\u0000', '\u001b', '\u202e']) expect(html.includes(unseen)).toBe(false);
    const named = await ask({ sql: `SELECT 1 AS "<img src=x>\u202e"` });
    expect(named).toContain('&lt;img src=x&gt;\\u202e</th>');
  });

  it('writes a row into the access log with the SQL, its values and its number of rows, however the query ended', async () => {
    await ask({ sql: 'SELECT :a FROM invocations', ':a': '1' });
    expect(trial.accessRows()[0]).toMatchObject({
      ...{ method: 'GET', path: '/sql', status: 200, outcome: 'complete', rows: 2 },
      ...{ sql: 'SELECT :a FROM invocations', params: '{":a":1}' },
    });
    await ask({ sql: 'SELECT wrong' });
    expect(trial.accessRows()[0]).toMatchObject({ path: '/sql', sql: 'SELECT wrong', rows: null });
  });

  it('ends the query when its reader goes away', async () => {
    const path = pathOf({ sql: `${ENDLESS} count(*) FROM c` });
    const leaving = new AbortController();
    const reply = await trial.app.request(path, { signal: leaving.signal });
    const reader = reply.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('Looking through the archive');
    leaving.abort();
    await reader?.cancel();
    await expect.poll(() => trial.accessRows()[0]).toMatchObject({ path: '/sql', outcome: 'aborted' });
  });
});

describe('a reader without the role sql', () => {
  const headers = { authorization: `Bearer ${guarded.makeToken('reader')}` };

  it.each(['/sql', '/sql?sql=SELECT+1'])(
    'gets at %s a page that names the missing role and links to reports; no query runs',
    async (path) => {
      const html = await readPage(guarded, path, { status: 403, headers });
      expect(html).toContain('you need the role <code>sql</code>');
      expect(html).toContain('href="/reports"');
      expect(html).not.toContain('data-grid');
      expect(guarded.accessRows()[0]).toMatchObject({ path: '/sql', status: 403, sql: null });
    },
  );

  it('differs from a caller with the role sql, who gets an answer', async () => {
    const headers = { authorization: `Bearer ${guarded.makeToken('sql')}` };
    expect(cellsOf(await readPage(guarded, '/sql?sql=SELECT+1', { headers }))).toEqual([['1']]);
  });
});
