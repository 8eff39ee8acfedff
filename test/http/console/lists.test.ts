import { describe, expect, it } from 'vitest';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { NOW_MS } from '../../archive/archive-with-passes.ts';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const AT = NOW_MS / 1000;
const trial = apiTrial({ isRead: false });
const empty = apiTrial({ isRead: false });
const ARN = 'arn:aws:ssm:eu-west-1:012345678901:document/Patch';

/**
 * Sixty commands of two documents, each on three of thirty nodes. On i-0, the newest three runs of the first document
 * failed.
 */
await trial.record(
  Array.from({ length: 180 }, (_, n) => {
    const run = Math.floor(n / 3);
    const node = `i-${run % 2 === 0 ? n % 3 : 3 + ((n * 7) % 27)}`;
    const isBad = node === 'i-0' && run < 6;
    return {
      ...{ CommandId: `c-${run}`, InstanceId: node, InstanceName: `name-${node}`, RequestedDateTime: AT - run * 3600 },
      ...{ DocumentName: run % 2 === 0 ? 'AWS-RunShellScript' : ARN, DocumentVersion: String(run % 4) },
      ...(isBad && { Status: 'Failed', StatusDetails: 'Failed' }),
      CommandPlugins: [
        rawPlugin({
          ...(isBad && { Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 7 }),
          ...{ ResponseStartDateTime: AT - run * 3600 + 1, ResponseFinishDateTime: AT - run * 3600 + 11 },
        }),
      ],
    };
  }),
);

async function walk(path: string): Promise<string[]> {
  const links: string[] = [];
  for (let at: string | undefined = path; at !== undefined; ) {
    const html: string = await page(trial, at);
    const body = html.split('<tbody>')[1] ?? '';
    links.push(...[...body.matchAll(/<tr><td[^>]*><a href="([^"]+)"/g)].map(([, link = '']) => link));
    at = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  return links;
}

describe('the lists of the console', () => {
  it('list every command, node and document once, page by page, each with a link to its page', async () => {
    for (const [path, count] of [
      ['/commands', 60],
      ['/nodes', 30],
      ['/documents', 2],
    ] as const) {
      const links = await walk(path);
      expect([path, links.length, new Set(links).size]).toEqual([path, count, count]);
      await page(trial, links[0] ?? '');
      await page(trial, links.at(-1) ?? '');
    }
  });

  it('show only the nodes whose ids begin with the given text, page by page', async () => {
    const nodes = async (path: string): Promise<string[]> => {
      const html = await page(trial, path);
      const next = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
      const ids = [...html.matchAll(/<td class="id"><a href="[^"]*\/([^"/]+)"/g)].map(([, id = '']) => id);
      return [...ids, ...(next === undefined ? [] : await nodes(next))];
    };
    const all = await nodes('/nodes');
    expect(all.length).toBeGreaterThan(25);
    for (const begin of ['i-2', 'i-28', 'i-', 'm'])
      expect(await nodes(`/nodes?begin=${begin}`)).toEqual(all.filter((id) => id.startsWith(begin)));
  });

  it('say where to look if they are empty', async () => {
    for (const path of ['/commands', '/nodes', '/documents']) {
      expect(textOfHtml(await page(empty, path))).toMatch(/The archive has no \w+ yet\. Collector says/);
    }
  });

  it('refuse a cursor of another list', async () => {
    const cursor = /rel="next" href="\/commands\?cursor=([^"]+)"/.exec(await page(trial, '/commands'))?.[1];
    expect(await page(trial, `/nodes?cursor=${cursor}`, 400)).toContain(
      '<code>cursor</code> does not belong to any page of this list',
    );
  });
});

describe('a document', () => {
  it('shows its runs, their durations, and its nodes with the most failures first', async () => {
    const html = await page(trial, '/documents/AWS-RunShellScript');
    const text = textOfHtml(html);
    expect(text).toContain('Invocations 90 Success 87 Failed 3');
    expect(html).toContain('aria-label="2026-03-31T12:00:00.000Z, 3 nodes: Failed, took 10.0 s, the longest 10.0 s"');
    const [, grid = ''] = html.split('<table class="grid"');
    expect(textOfHtml(grid.split('<tbody>')[1] ?? '')).toMatch(/^ ?i-0 name-i-0 (✓ ){17}(✕ ?){3}/);
    expect(grid).toContain(
      `<a class="cell cell-bad" href="/invocations/${SOURCE.accountId}/eu-west-1/c-0/i-0" title="2026-03-31T12:00:00.000Z on i-0: Failed"`,
    );
  });

  it('may have an ARN with slashes as its name', async () => {
    expect(textOfHtml(await page(trial, `/documents/${encodeURIComponent(ARN)}`))).toContain(`${ARN} Invocations 90`);
    expect(await page(trial, '/documents/Nothing', 404)).toContain('A run of this document is not here');
  });
});

describe('a node', () => {
  it('shows the last runs of each of its documents as bars that link to these runs', async () => {
    const html = await page(trial, `/nodes/${SOURCE.accountId}/eu-west-1/i-0`);
    const bars = [
      ...html.matchAll(/<a href="([^"]+)" aria-label="([^"]+)"><title>[^<]*<\/title><rect x="\d+" y="0" width="16"/g),
    ];
    expect(bars).toHaveLength(20);
    expect(bars.at(-1)?.[2]).toBe('2026-03-31T12:00:00.000Z: Failed, took 10.0 s');
    await page(trial, bars.at(-1)?.[1] ?? '');
  });
});

describe('a command', () => {
  it('shows when each of its nodes ran, and how each step ended', async () => {
    const html = await page(trial, `/commands/${SOURCE.accountId}/eu-west-1/c-0`);
    expect(textOfHtml(html)).toContain('When its nodes ran: 10.0 s from the first step to the last');
    expect(textOfHtml(html)).toMatch(/i-0 name-i-0 Failed Failed exit 7 10\.0 s/);
  });
});

describe('the sender of a command', () => {
  it('is shown in the list, on the command and on its invocations if it was imported; else the page says how to import it', async () => {
    const key = { accountId: SOURCE.accountId, region: 'eu-west-1', commandId: 'c-0' };
    const path = `${SOURCE.accountId}/eu-west-1/c-0`;
    expect(textOfHtml(await page(trial, `/commands/${path}`))).toContain('not known: ssm-archive import-senders');
    createSenderRecorder(trial.db.sqlite)([
      {
        ...{ ...key, eventId: 'e-1', eventAt: '2026-03-31T12:00:00.000Z', principalType: 'AssumedRole' },
        principalArn: 'arn:aws:sts::012345678901:assumed-role/Patching/ada<b>',
        ...{ principalId: null, sessionIssuerArn: null, invokedBy: null, isMfaAuthenticated: 1 },
        ...{ sourceIpAddress: '198.51.100.7', userAgent: 'aws-cli/2' },
      },
    ]);
    const whole =
      'Sent by arn:aws:sts::012345678901:assumed-role/Patching/ada<b> 2026-03-31 12:00:00 from 198.51.100.7 by aws-cli/2';
    expect(textOfHtml(await page(trial, `/commands/${path}`))).toContain(whole);
    expect(textOfHtml(await page(trial, `/invocations/${path}/i-0`))).toContain(whole);
    expect(textOfHtml(await page(trial, '/commands'))).toContain(' assumed-role/Patching/ada<b> ');
  });
});

describe('suggestions', () => {
  it.each([
    ['instanceId', 'i-2', ['i-2', 'i-20', 'i-21', 'i-22', 'i-23', 'i-24', 'i-25', 'i-26', 'i-27', 'i-28', 'i-29']],
    [
      'instanceName',
      'name-i-1',
      [
        'name-i-1',
        'name-i-10',
        'name-i-11',
        'name-i-12',
        'name-i-13',
        'name-i-14',
        'name-i-15',
        'name-i-16',
        'name-i-17',
        'name-i-18',
        'name-i-19',
      ],
    ],
    ['documentName', 'shell', ['AWS-RunShellScript']],
    ['instanceId', 'nobody', []],
  ])('for %s that begin with %s come from the archive', async (field, begin, values) => {
    const reply = await trial.app.request(`/suggestions?${new URLSearchParams({ field, begin })}`);
    expect(await reply.json()).toEqual({ values });
  });

  it('are empty for an unknown field', async () => {
    expect((await trial.app.request('/suggestions?field=comment&begin=a')).status).toBe(400);
  });
});
