import { describe, expect, it } from 'vitest';
import { apiTrial } from '../../../api/api-trial.ts';

const api = apiTrial();
await api.record([
  { CommandId: 'c-1', InstanceId: 'i-1', Status: 'Failed', StatusDetails: 'Failed' },
  { CommandId: 'c-2', InstanceId: 'i-2' },
]);

describe('a view of invocations with a parameter that is not understood', () => {
  it.each([
    ['status=Failed&documentNaem=AWS-RunShellScript', 'documentNaem'],
    ['from_=2026-03-01', 'from_'],
    ['requestedAfter=garbage', 'requestedAfter'],
    ['q="unbalanced', 'q'],
    ['account=12345678901', 'account'],
    ['region=Ireland', 'region'],
    ['responseCode=many', 'responseCode'],
    ['requestedAfter=2026-03-02&requestedBefore=2026-03-01', 'requestedBefore'],
    ['instanceId=i-1&instanceId=i-2', 'instanceId'],
    ['sort=status', 'sort'],
    ['documentName=%20', 'documentName'],
    ['q=%20', 'q'],
  ])(
    'shows no rows and no exports, names that parameter, and links to the same page without it: %s',
    async (query, parameter) => {
      const reply = await api.app.request(`/invocations?${query}`);
      const html = await reply.text();
      expect(reply.status).toBe(400);
      expect(html).toContain(`<code>${parameter}</code>`);
      expect(html).not.toMatch(/href="\/invocations\/|format=csv|href="\/sql\?|href="\/evidence\?/);
      const [, without = ''] = /<a href="([^"]+)">The same page without it/.exec(html) ?? [];
      const path = without.replaceAll('&amp;', '&');
      expect(new URL(path, 'http://x').searchParams.has(parameter)).toBe(false);
      const rest = await (await api.app.request(path)).text();
      expect(rest).not.toContain('Nothing is shown');
      if (query.startsWith('status=Failed')) expect(rest.match(/href="\/invocations\/[^"?]+"/g)).toHaveLength(1);
    },
  );

  it('offers no evidence pack', async () => {
    const reply = await api.app.request('/evidence?requestedAfter=2026-03-01&requestedBefore=2026-04-01&document_=x');
    const html = await reply.text();
    expect([reply.status, html.includes('Make and download it')]).toEqual([400, false]);
    expect(html).toContain('<code>document_</code>');
  });
});
