import { describe, expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { EXPLAINED_STATUSES, titleOfStatus } from '../../../src/model/status-titles.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { NOW_MS, recordPass } from '../../archive/archive-with-passes.ts';
import { OBSERVED_AT, rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const trial = apiTrial();
/** A status that AWS does not define, a status that looks like markup, and no status. */
const STATUSES = [...EXPLAINED_STATUSES.map(({ name }) => name), 'Exploded', '"><script>', ''];
const of = (n: number) => ({
  ...{ InstanceId: `i-${n}`, RequestedDateTime: NOW_MS / 1000 - n * 60 },
  ...{ Status: STATUSES[n] ?? '', StatusDetails: STATUSES[n] ?? '' },
  CommandPlugins: [rawPlugin({ Status: STATUSES[n], StatusDetails: STATUSES[n] })],
});
await trial.record([
  ...STATUSES.map((_, n) => ({ CommandId: 'c-1', ...of(n) })),
  ...STATUSES.map((_, n) => ({ CommandId: 'c-2', ...of(n) })),
]);
createListedCommandRecorder(trial.db.sqlite)(SOURCE, OBSERVED_AT, [
  observeCommand({
    ...{ CommandId: 'c-1', DocumentName: 'AWS-RunShellScript', RequestedDateTime: NOW_MS / 1000 },
    ...{ Status: 'Failed', StatusDetails: 'Incomplete', TargetCount: 3 },
  }),
]);
recordPass(trial.db, { startedMs: NOW_MS - 3_600_000, covers: [[20, 1]] });

const place = `${SOURCE.accountId}/${SOURCE.region}`;
const PAGES = [
  ...['/', '/invocations', `/invocations/${place}/c-1/i-3`, '/commands', `/commands/${place}/c-1`, '/nodes'],
  ...[`/nodes/${place}/i-3`, '/documents', '/documents/AWS-RunShellScript', '/collector'],
  ...['/collector/sweeps', '/coverage', '/integrity', '/evidence?requestedAfter=2026-03-01&requestedBefore=2026-04-01'],
  ...[`/compare?left=${place}/c-1/i-3&right=${place}/c-2/i-4`, '/glossary'],
];
/** The marks of a status, each with its attributes: badges, cells of grids and words of steps. */
const badgesOf = (html: string) =>
  [...html.matchAll(/<(?:a|span)\b([^>]*\bclass="(?:status status-|cell cell-|text-(?:good|bad|busy))[^>]*)>/g)].map(
    ([, attributes = '']) => attributes,
  );

describe('a status', () => {
  it.each(PAGES)('has an explanation as its title wherever %s shows it', async (path) => {
    const badges = badgesOf(await page(trial, path));
    for (const badge of badges) expect(badge).toMatch(/ title="[^"]{10,}"/);
    if (!/nodes$|sweeps|coverage|integrity|evidence/.test(path)) expect(badges.length).toBeGreaterThan(0);
  });

  it('links to its entry in the glossary from every page, and each of these entries exists', async () => {
    const glossary = await page(trial, '/glossary');
    const ids = new Set([...glossary.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const anchors = new Set<string>();
    for (const path of PAGES) {
      const html = await page(trial, path);
      expect(html).toContain('href="/glossary"');
      for (const [, anchor = ''] of html.matchAll(/href="\/glossary#([^"]+)"/g)) anchors.add(anchor);
    }
    expect([...anchors].filter((anchor) => !ids.has(anchor))).toEqual([]);
    for (const { name } of EXPLAINED_STATUSES) expect(anchors).toContain(name);
    expect(anchors).toContain('unknown-status');
    expect(anchors).toContain('outcome-complete');
  });

  it('is explained on a command with its meaning for a command, which differs from its meaning for an invocation', async () => {
    const badges = badgesOf(await page(trial, `/commands/${place}/c-1`));
    const titles = badges.map((badge) => / title="([^"]*)"/.exec(badge)?.[1]);
    expect(titles).toContain(titleOfStatus('Failed', 'Incomplete', 'command'));
    expect(titles).toContain(titleOfStatus('Failed', null, 'invocation'));
  });

  it('is in the glossary with its meaning, as are the terms of the archive', async () => {
    const text = textOfHtml(await page(trial, '/glossary'));
    for (const { means } of EXPLAINED_STATUSES) expect(text).toContain(means);
    for (const word of [
      'invocation',
      'sweep',
      'edge',
      'observed state',
      'leaf',
      'checkpoint',
      'tombstone',
      'never seen',
    ])
      expect(text).toContain(` ${word} `);
  });
});
