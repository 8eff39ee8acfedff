import { describe, expect, it } from 'vitest';
import { prune } from '../../../../../src/archive/prune/prune.ts';
import { NeverSeen } from '../../../../../src/http/console/parts/questions/never-seen.tsx';
import { DAY_MS } from '../../../../../src/lib/time.ts';
import { NOW_MS } from '../../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../../archive/raw-invocation.ts';
import { page, rows, textOfHtml } from '../../console-trial.ts';
import { collectedTrial, SETTLED_DAYS } from '../../coverage/coverage-trial.ts';

const trial = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const pruned = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const quiet = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const empty = collectedTrial();
const at = (daysAgo: number) => (NOW_MS - daysAgo * DAY_MS) / 1000;
const ids = {
  one: '1111aaaa-0000-4000-8000-000000000001',
  two: '2222bbbb-0000-4000-8000-000000000001',
  other: '2222bbbb-0000-4000-8000-000000000002',
};
const SPAN = 'requestedAfter=2026-03-10&requestedBefore=2026-03-20';

for (const [{ record }, days] of [
  [trial, 15],
  [pruned, 60],
] as const)
  await record(
    Object.values(ids).map((CommandId, n) => ({
      ...{ CommandId, InstanceId: `i-0${n}00000000000000${n}`, InstanceName: `web-${n}`, Comment: 'CHG1' },
      ...{ RequestedDateTime: at(days), DocumentName: 'AWS-RunShellScript' },
    })),
  );
await prune(
  { sqlite: pruned.db.sqlite, now: () => new Date(NOW_MS), renew: () => {} },
  { kind: 'invocations', selection: { commandId: ids.one }, by: 'ops', reason: 'asked to' },
);

/** The addresses of a page's links with this text. */
const linksTo = (html: string, text: string) =>
  [...html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)]
    .filter(([, , shown]) => shown === text)
    .map(([, href = '']) => href.replaceAll('&amp;', '&'));

/** The page as HTML and as text without markup. */
async function ask(path: string, of = trial) {
  const html = await page(of, path);
  return { html, text: textOfHtml(html) };
}

describe('a view that asks for a value that the archive has never seen', () => {
  it.each([
    [
      '/invocations',
      'documentName=AWS-RunShelScript',
      'the document “AWS-RunShelScript”. Did you mean AWS-RunShellScript ?',
      'AWS-RunShellScript',
    ],
    ['/invocations', 'documentName=aws-runshellscript', 'the document', 'AWS-RunShellScript'],
    ['/invocations', `instanceId=i-0000000000000000f&${SPAN}`, 'the node “i-0000000000000000f”', undefined],
    ['/invocations', 'instanceName=wbe-', 'a node whose name begins with “wbe-”', undefined],
    ['/invocations', 'account=999999999999', 'the account “999999999999”', undefined],
    ['/invocations', 'region=ap-south-1', 'the region “ap-south-1”', undefined],
    ['/invocations', 'comment=CHG9', 'a comment with “CHG9”', undefined],
    ['/invocations', 'pluginName=runShelScript', 'a step called “runShelScript”', 'runShellScript'],
    ['/evidence', `documentName=AWS-RunShelScript&${SPAN}`, 'the document “AWS-RunShelScript”', 'AWS-RunShellScript'],
    [
      '/reports/what-ran',
      'from=2026-03-10&to=2026-03-20&document=AWS-RunShelScript',
      'the document “AWS-RunShelScript”',
      'AWS-RunShellScript',
    ],
    ['/nodes', 'begin=zebra', 'the node “zebra”', undefined],
    ['/collector/sweeps', 'account=999999999999', 'the account “999999999999”', undefined],
  ])(
    'says above its empty list that the value was never seen, and links to the same view with similar values: %s?%s',
    async (path, query, said, near) => {
      const { html, text } = await ask(`${path}?${query}`);
      expect(text).toContain(`The archive has never seen ${said}`);
      expect(html).not.toContain('data-rows');
      if (near === undefined) return;
      const [link = ''] = linksTo(html, near);
      const meant = new URL(link, 'http://here');
      const asked = new URL(`${path}?${query}`, 'http://here');
      expect(meant.pathname).toBe(path);
      expect([...meant.searchParams.values()]).toContain(near);
      expect([...meant.searchParams.keys()]).toEqual([...asked.searchParams.keys()]);
      expect((await ask(link)).text).not.toContain('never seen');
    },
  );

  it.each(['documentName=AWS-RunShelScript', `documentName=AWS-RunShelScript&${SPAN}`])(
    'shows the coverage of its span above the note about the value: %s',
    async (query) => {
      expect((await ask(`/invocations?${query}`)).text).toMatch(/Covered: all of 2026-03-\d\d.* never seen/);
      const never = 'requestedAfter=2025-11-01&requestedBefore=2025-12-01';
      const { text } = await ask(`/invocations?documentName=AWS-RunShelScript&${never}`);
      expect(text).toMatch(/Not collected: nothing of 2025-11-01 to 2025-12-01.* never seen/);
    },
  );

  it('does not call a value never seen if the archive has the value outside of the requested part', async () => {
    const { html, text } = await ask(
      '/invocations?documentName=AWS-RunShellScript&requestedAfter=2026-03-20&requestedBefore=2026-03-21',
    );
    expect(html).not.toContain('data-never-seen');
    expect(text).toContain('Covered: all of 2026-03-20 to 2026-03-21.');
    expect(text).toContain('Nothing in the archive matches all of these filters.');
  });

  it('does not call a value never seen if it was pruned, or may have been', async () => {
    const gone = (await ask(`/invocations?commandId=${ids.one}`, pruned)).text;
    expect(gone).toContain(`The archive has no command “${ids.one}” now; what was pruned may have had it.`);
    const named = (await ask('/invocations?instanceName=db-', pruned)).text;
    expect(named).toContain(
      'The archive has no node whose name begins with “db-” now; what was pruned may have had it.',
    );
    expect(gone + named).not.toContain('never seen');
  });

  it('says only that the requested part lacks the value, if the rest is too large to search', () => {
    const unseen = [{ filter: 'comment', value: 'CHG9', near: [], certainty: 'notKnown' }] as const;
    const text = textOfHtml(
      String(NeverSeen({ unseen: [...unseen].map((one) => ({ ...one, near: [] })), pathOf: () => '/' })),
    );
    expect(text).toContain(
      'What you asked for has no comment with “CHG9”. Whether the archive has one elsewhere is not known',
    );
    expect(text).not.toMatch(/never seen|archive has no /);
  });
});

describe('the page of a thing that does not exist', () => {
  it.each([
    ['/documents/AWS-RunShelScript', 'the document “AWS-RunShelScript”', '/documents/AWS-RunShellScript'],
    [`/nodes/${SOURCE.accountId}/eu-west-9/i-000000000000000000`, 'the region “eu-west-9”', undefined],
    [`/commands/999999999999/${SOURCE.region}/c-none`, 'the account “999999999999”', undefined],
    [`/invocations/${SOURCE.accountId}/${SOURCE.region}/c-none/i-none`, 'the command “c-none”', undefined],
  ])('says which part of its address was never seen, and proposes similar values: %s', async (path, said, near) => {
    const html = await page(trial, path, 404);
    expect(textOfHtml(html)).toContain(`The archive has never seen ${said}`);
    if (near !== undefined) expect(html).toContain(`<a href="${near}">`);
  });
});

describe('an id of which only the first characters are given', () => {
  const leads = async (path: string) => {
    const reply = await trial.app.request(path);
    return [reply.status, reply.headers.get('location')];
  };

  it.each([
    ['/invocations?commandId=1111aaaa', `/invocations?commandId=${ids.one}`],
    ['/invocations?commandId=1111AAAA&status=Success', `/invocations?commandId=${ids.one}&status=Success`],
    ['/invocations?instanceId=i-020', '/invocations?instanceId=i-02000000000000002'],
    [`/evidence?commandId=1111aaaa&${SPAN}`, `/evidence?commandId=${ids.one}&${SPAN}`],
    ['/nodes?begin=i-010', '/nodes?begin=i-01000000000000001'],
    [
      `/commands/${SOURCE.accountId}/${SOURCE.region}/1111aaaa`,
      `/commands/${SOURCE.accountId}/${SOURCE.region}/${ids.one}`,
    ],
    [
      `/nodes/${SOURCE.accountId}/${SOURCE.region}/i-010`,
      `/nodes/${SOURCE.accountId}/${SOURCE.region}/i-01000000000000001`,
    ],
    [
      `/invocations/${SOURCE.accountId}/${SOURCE.region}/1111aaaa/i-000`,
      `/invocations/${SOURCE.accountId}/${SOURCE.region}/${ids.one}/i-00000000000000000`,
    ],
  ])('leads to the same view with the full id: %s', async (path, whole) => {
    expect(await leads(path)).toEqual([302, whole]);
    expect((await leads(whole))[0]).toBe(200);
  });

  it('is not called never seen if several ids begin with these characters: the page says so and names some of these ids', async () => {
    for (const path of ['/invocations?commandId=2222bbbb', `/evidence?commandId=2222bbbb&${SPAN}`]) {
      const { html, text } = await ask(path);
      expect(text).toMatch(
        new RegExp(`Several commands begin with “2222bbbb”, some of them: ${ids.two} , ${ids.other} \\.`),
      );
      expect(html).not.toContain('data-never-seen');
      const [link = ''] = linksTo(html, ids.two);
      expect(new URL(link, 'http://here').searchParams.get('commandId')).toBe(ids.two);
      expect((await ask(link)).html).not.toContain('data-ambiguous');
    }
    expect(rows((await ask('/nodes?begin=i-0')).html)).toBe(3);
  });

  it('is called never seen if no id begins with these characters', async () => {
    expect((await ask('/invocations?commandId=9999cccc')).text).toContain('never seen the command “9999cccc”');
  });
});

describe('an empty list', () => {
  it('says whether nothing was found in what was collected, or nothing was collected yet', async () => {
    for (const path of ['/commands', '/nodes', '/documents']) {
      const text = textOfHtml(await page(quiet, path));
      expect(text).toMatch(/Covered: all of .* The archive has no \w+ in what has been collected so far/);
      expect(text).not.toContain(' yet');
      expect(textOfHtml(await page(empty, path))).toMatch(
        /Not collected: nothing was collected yet\..*The archive has no \w+ yet/,
      );
    }
    expect(textOfHtml(await page(quiet, '/invocations'))).toMatch(
      /Covered: all of .* No invocation was requested in the time that has been collected so far\./,
    );
    expect(textOfHtml(await page(empty, '/invocations'))).toContain('The archive has no invocations yet.');
  });

  it('says which passes or sweeps it looked for', async () => {
    expect(textOfHtml(await page(empty, '/collector'))).toContain('No pass was made yet');
    const before = textOfHtml(await page(trial, '/collector?before=1'));
    expect(before).toContain('No pass was made before run-1.');
    expect(before).not.toContain('No pass was made yet');
    const sweeps = async (query: string, of = trial) => textOfHtml(await page(of, `/collector/sweeps?${query}`));
    expect(await sweeps('outcome=failed')).toContain('No matching sweep has the outcome “failed”');
    expect(await sweeps('day=2025-01-01')).toContain('There is no matching sweep: this is a gap');
    expect(await sweeps('before=1')).toContain('There is no matching sweep before number 1.');
    expect(await sweeps('', empty)).toContain('There are no sweeps yet');
  });
});
