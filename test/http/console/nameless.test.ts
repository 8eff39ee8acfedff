import { describe, expect, it } from 'vitest';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const trial = apiTrial({ isRead: false });
const nameless = { CommandId: 'c-0', InstanceId: 'i-1', DocumentName: '', Status: 'Failed', StatusDetails: 'Failed' };
await trial.record([
  nameless,
  { CommandId: 'c-1', InstanceId: 'i-1' },
  { CommandId: 'c-2', InstanceId: 'i-1' },
  { CommandId: 'c-3', InstanceId: 'i-1', Status: '', StatusDetails: '' },
]);
const PLACE = `${SOURCE.accountId}/${SOURCE.region}`;

/** The links of a page to views of invocations, with their texts. */
const views = (html: string) =>
  [...html.matchAll(/<a[^>]* href="(\/invocations\?[^"]*)"[^>]*>([\s\S]*?)<\/a>/g)].map(
    ([, href = '', shown = '']) => ({
      query: new URL(href.replaceAll('&amp;', '&'), 'http://here').searchParams,
      shown: textOfHtml(shown).trim(),
    }),
  );

describe('a row without a name', () => {
  it('has no link on the overview, because a view without the name would show everything', async () => {
    const html = await page(trial, '/?from=2016-01-01');
    const [, failed = ''] = html.split('What did not succeed, by document');
    expect(textOfHtml(failed)).toContain('no document 1');
    expect(views(failed.split('</ol>')[0] ?? '').filter(({ query }) => !query.has('documentName'))).toEqual([]);
    expect(html).not.toContain('href="/documents/"');
  });

  it('has no link on the page of its node, although documents with a name have one', async () => {
    const html = await page(trial, `/nodes/${PLACE}/i-1`);
    const [, documents = ''] = /aria-label="Documents">([\s\S]*?)<\/table>/.exec(html) ?? [];
    expect(views(documents).map(({ query }) => query.get('documentName'))).toEqual(['AWS-RunShellScript']);
  });

  it('has no link for a missing status', async () => {
    for (const path of ['/nodes', '/documents', '/commands', '/invocations']) {
      const html = await page(trial, path);
      for (const { query, shown } of views(html).filter(({ shown }) => /\d$/.test(shown)))
        expect([path, shown, query.get('status')]).toEqual([path, shown, expect.stringMatching(/./)]);
    }
  });

  it('has no list of other runs of the same document, because its document is not known', async () => {
    const html = await page(trial, `/invocations/${PLACE}/c-0/i-1`);
    const [, beside = ''] = html.split('The same document on this node');
    const [same = ''] = beside.split('The same command on other nodes');
    expect(textOfHtml(same)).toContain('The service named no document here');
    expect(same).not.toContain('href=');
    const named = await page(trial, `/invocations/${PLACE}/c-1/i-1`);
    const [, all = ''] = named.split('The same document on this node');
    expect(views(all)[0]?.query.toString()).toBe(
      `account=${SOURCE.accountId}&region=${SOURCE.region}&instanceId=i-1&documentName=AWS-RunShellScript`,
    );
  });
});
