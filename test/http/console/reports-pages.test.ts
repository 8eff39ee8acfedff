import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../archive/archive-with-passes.ts';
import { apiTrial } from '../api/api-trial.ts';
import { cellsOf, formOf, linkOf, readPage } from './read-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'\u202egpj';
const CONFIGURED = {
  name: 'typed',
  description: `What is bound, ${HOSTILE}.`,
  sql: 'SELECT typeof(:n) AS n, typeof(:r) AS r, :day AS day, :words AS words',
  parameters: [
    { name: 'n', type: 'integer' as const, description: 'A count.' },
    { name: 'r', type: 'real' as const, description: 'A share.', default: '5' },
    { name: 'day', type: 'date' as const, description: 'A day.', default: '-1d' },
    { name: 'words', type: 'text' as const, description: 'Words.', default: '' },
  ],
};

const deliveries = [
  { report: 'typed', schedule: '0 6 * * 1', directory: '/srv', format: 'csv' as const, values: { n: '1' } },
];
const trial = apiTrial({ isRead: false, reports: [CONFIGURED], deliveries });
const guarded = apiTrial({ isRead: false });

const SAVED = {
  ...{ name: 'busiest', description: 'Nodes, the busiest first.' },
  sql: 'SELECT instance_id, count(*) AS n FROM invocations WHERE requested_at >= :from GROUP BY 1 ORDER BY n DESC',
};
const FORM = {
  ...SAVED,
  ...{ 'type.from': 'time', 'description.from': 'Since then.', 'default.from': '-7d', save: 'yes' },
};

describe('the pages of reports', async () => {
  await trial.record([{ InstanceId: 'i-1', RequestedDateTime: NOW_MS / 1000 - 60 }]);

  it('list all reports, with their descriptions and parameters', async () => {
    const html = await readPage(trial, '/reports');
    expect(html).toContain('href="/reports/what-ran"');
    expect(html).toMatch(/href="\/reports\/typed"[\s\S]*&lt;img src=x[\s\S]*n, r, day, words[\s\S]*archive\.yaml/);
    expect(html).not.toMatch(/<img|\u202e/);
  });

  it('have a form with descriptions and defaults, and run nothing before the form is sent', async () => {
    const html = await readPage(trial, '/reports/typed');
    expect(html).toMatch(/name="n" value="" inputmode="numeric" required=""/);
    expect(html).toMatch(/name="day" value="-1d"/);
    expect(html).toContain('A day. (a date, or a relative one such as today or -30d)');
    expect(html).toContain('written on a schedule: 0 6 * * 1');
    expect(html).not.toMatch(/role="alert"|data-grid/);
  });

  it('run a report with the values in its form, each bound with its type; a blank field means the default or, without a default, an empty text', async () => {
    const html = await readPage(trial, '/reports/typed?n=007&r=&day=&words=&limit=500');
    expect(cellsOf(html)).toEqual([['integer', 'real', '2026-03-30', '']]);
    expect(trial.accessRows()[0]).toMatchObject({
      ...{ path: '/reports/typed', rows: 1, outcome: 'complete', sql: CONFIGURED.sql },
      params: '{"n":7,"r":{"real":5},"day":"2026-03-30","words":""}',
    });
    const what = await readPage(trial, '/reports/what-ran?from=-7d&limit=100');
    expect(what).toMatch(/<strong>1 row in/);
    expect(what).toContain('>i-1</a></td>');
  });

  it('say at each field what is wrong with it, and keep what was typed', async () => {
    const html = await readPage(trial, '/reports/typed?n=many&r=<b>&day=2026-13-01&other=1', { status: 400 });
    expect(html).toContain('It must be a whole number of at most 64 bits, such as 30, not &quot;many&quot;.');
    expect(html).toMatch(/name="n" value="many"[^>]*aria-invalid="true"/);
    expect(html).toContain('name="r" value="&lt;b&gt;"');
    expect(html).toContain('<code>other</code> is not a parameter of typed');
    expect(await readPage(trial, '/reports/typed?limit=500', { status: 400 })).toContain('It is needed: A count.<');
  });

  it('link to all rows in the API, and to the same query on the SQL page', async () => {
    const html = await readPage(trial, '/reports/typed?n=3&words=a+b');
    const csv = await trial.app.request(linkOf(html, 'CSV for programs'));
    expect(await csv.text()).toBe('n,r,day,words\r\ninteger,real,2026-03-30,a b\r\n');
    const sheet = await trial.app.request(linkOf(html, 'CSV for spreadsheets'));
    expect(Buffer.from(await sheet.arrayBuffer()).toString()).toBe(
      '\ufeffn,r,day,words\r\ninteger,real,"=""2026-03-30""",a b\r\n',
    );
    expect(await (await trial.app.request(linkOf(html, 'JSON'))).json()).toMatchObject({ rowCount: 1 });
    const sql = await readPage(trial, linkOf(html, 'Open in SQL'));
    expect(cellsOf(sql)[0]?.slice(2)).toEqual(['2026-03-30', 'a b']);
  });

  it('say that a report does not exist', async () => {
    expect(await readPage(trial, '/reports/none', { status: 404 })).toContain('There is no report &quot;none&quot;.');
  });

  it('show the built-in reports if the file of saved ones has faults', async () => {
    const broken = apiTrial({ isRead: false });
    writeFileSync(broken.reportsFile, 'reports: [{}]\n');
    const html = await readPage(broken, '/reports');
    expect(html).toContain('somebody has to correct the faults in their file');
    expect(html).toContain('href="/reports/what-ran"');
    expect(await readPage(broken, '/reports/mine', { status: 500 })).not.toContain(broken.reportsFile);
  });
});

describe('a query that becomes a report', () => {
  it('needs a name, a description, and a type for each parameter', async () => {
    const from = { sql: SAVED.sql, ':from': '2026-03-01', limit: '500' };
    const html = await readPage(trial, '/sql/save', formOf(from));
    expect(html).toContain('<code>:from</code>');
    expect(html).toContain('<option value="date" selected="">');
    expect(html).toMatch(/name="default\.from" id="field-default\.from" value="2026-03-01"/);
    expect((await trial.app.request('/v1/reports/busiest')).status).toBe(404);
  });

  it('is saved, can be run, is replaced if the user says so, and is deleted after a confirmation', async () => {
    const saved = await trial.app.request('/sql/save', formOf(FORM));
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/reports/busiest']);
    expect(trial.accessRows()[0]).toMatchObject({ method: 'POST', path: '/sql/save', sql: SAVED.sql });
    expect(cellsOf(await readPage(trial, '/reports/busiest?from=-7d'))).toEqual([['i-1', '1']]);

    const taken = await readPage(trial, '/sql/save', { ...formOf({ ...FORM, description: 'Other.' }), status: 409 });
    expect(taken).toContain('It is the name of a saved report.');
    await trial.app.request('/sql/save', formOf({ ...FORM, description: 'Other.', replace: 'yes' }));
    expect(await readPage(trial, '/reports/busiest')).toContain('Other.');

    expect(await readPage(trial, '/reports/busiest')).toContain('href="/reports/busiest/delete"');
    expect(await readPage(trial, '/reports/busiest/delete')).toContain(
      'method="post" action="/reports/busiest/delete"',
    );
    const deleted = await trial.app.request('/reports/busiest/delete', formOf({}));
    expect([deleted.status, deleted.headers.get('location')]).toEqual([303, '/reports']);
    await readPage(trial, '/reports/busiest', { status: 404 });
  });

  it.each([
    ['name', { name: 'No Name' }, 'It must be at most 63 lower-case letters'],
    ['sentence', { description: ' ' }, 'It must not be empty.'],
    ['type', { 'default.from': 'soon' }, 'It must be a date such as'],
    ['SQL', { sql: 'DELETE FROM runs' }, 'It must begin with one of SELECT'],
    ['column', { sql: 'SELECT absent FROM runs WHERE :from' }, 'no such column: absent (line 1, column 8)'],
    ['parameter', { sql: 'SELECT :from, @other' }, 'must have parameters of the form :name, not @other'],
  ])('is not saved with a wrong %s, and the page says what is wrong', async (_what, wrong, sentence) => {
    const html = await readPage(trial, '/sql/save', { ...formOf({ ...FORM, ...wrong }), status: 400 });
    expect(html).toContain(sentence);
    expect((await trial.app.request('/v1/reports/busiest')).status).toBe(404);
  });

  it('cannot replace a built-in report, and a built-in report cannot be deleted', async () => {
    const html = await readPage(trial, '/sql/save', { ...formOf({ ...FORM, name: 'what-ran' }), status: 409 });
    expect(html).toContain('It is the name of a report that cannot be changed.');
    expect(await readPage(trial, '/reports/what-ran')).not.toContain('/delete');
    await readPage(trial, '/reports/what-ran/delete', { status: 409 });
    await readPage(trial, '/reports/what-ran/delete', { ...formOf({}), status: 409 });
  });

  it('cannot be saved or deleted by a page of another site', async () => {
    for (const path of ['/sql/save', '/reports/busiest/delete']) {
      const { headers, ...form } = formOf(FORM);
      const foreign = { ...form, headers: { ...headers, 'sec-fetch-site': 'cross-site' } };
      expect((await trial.app.request(path, foreign)).status).toBe(403);
    }
  });
});

describe('a reader', () => {
  it('can run reports, but neither save nor delete them', async () => {
    const headers = { authorization: `Bearer ${guarded.makeToken('reader')}` };
    const html = await readPage(guarded, '/reports/unfinished?as_of=now', { headers });
    expect(html).toMatch(/<strong>0 rows in/);
    expect(html).not.toMatch(/Open in SQL|\/delete/);
    for (const path of ['/sql/save', '/reports/mine/delete']) {
      const form = formOf(FORM);
      await readPage(guarded, path, { headers, status: 403 });
      await readPage(guarded, path, { ...form, headers: { ...form.headers, ...headers }, status: 403 });
      expect(guarded.accessRows()[0]).toMatchObject({ method: 'POST', path, status: 403, caller: 'reader' });
    }
  });
});
