import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { page as pageOf, rawInvocation, rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { asUtf16, withMark } from '../../archive/search/written-utf16.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, rows, textOfHtml } from './console-trial.ts';

// Text that a Windows program wrote as UTF-16 is found, shown and compared in decoded form on each surface. The raw
// output stays as the service sent it.

const trial = apiTrial();
const TEXT = 'first line\r\nAccess is denied.\r\n';
const OTHER = 'first line\r\nAccess is granted.\r\n';
const OUTPUTS = { plain: TEXT, utf16: asUtf16(TEXT), marked: withMark(OTHER) };
const raws = Object.entries(OUTPUTS).map(([CommandId, Output]) => ({
  CommandId,
  CommandPlugins: [rawPlugin({ Output })],
}));
await trial.record(raws);
const invocationPathOf = (command: string) => `${SOURCE.accountId}/${SOURCE.region}/${command}/i-0123456789abcdef0`;
const post = (body: object) => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify(body),
});

it('a search finds text in UTF-16 by REST, by SQL and in the console', async () => {
  const { items } = await trial.list('/v1/invocations?q=%22is+denied%22&sort=requestedAt');
  expect(items.map(({ commandId }) => commandId).sort()).toEqual(['plain', 'utf16']);
  const sql = `SELECT r.command_id FROM outputs_fts JOIN plugin_runs r ON r.output_id = outputs_fts.rowid
    WHERE outputs_fts MATCH 'denied' ORDER BY 1`;
  expect((await trial.json('/v1/sql', post({ sql }))).rows).toEqual([['plain'], ['utf16']]);
  const html = await page(trial, '/invocations?q=granted');
  expect(rows(html)).toBe(1);
  expect(textOfHtml(html)).not.toContain('not searched in full');
});

it('the console’s list says how many outputs are not searched in full yet', async () => {
  createSingleReplyRecorder(trial.db.sqlite)(
    pageOf([rawInvocation({ CommandId: 'late', CommandPlugins: [rawPlugin({ Output: 'a late word' })] })]),
  );
  expect(textOfHtml(await page(trial, '/invocations?q=late'))).toContain('1 output is not searched in full yet');
  expect(textOfHtml(await page(trial, '/invocations'))).not.toContain('not searched in full');
  await indexOutputs(trial.db.sqlite);
  expect(textOfHtml(await page(trial, '/invocations?q=late'))).not.toContain('not searched in full');
});

it('an evidence pack by a search includes outputs that were recorded just before and are not searchable yet', async () => {
  const raw = { CommandId: 'evident', CommandPlugins: [rawPlugin({ Output: asUtf16('an evident word') })] };
  createSingleReplyRecorder(trial.db.sqlite)(pageOf([rawInvocation(raw)]));
  const span = 'requestedAfter=2026-03-01&requestedBefore=2026-03-05';
  const reply = await trial.app.request(`/v1/evidence?${span}&q=evident`);
  expect(reply.status).toBe(200);
  const path = join(tempFolder(), 'pack.zip');
  writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
  expect(await verifyEvidence(path, [])).toMatchObject({ verdict: 'consistent', rows: 1 });
});

it('an invocation’s page shows UTF-16 decoded, and says so; the raw output is as the service sent it', async () => {
  const html = textOfHtml(await page(trial, `/invocations/${invocationPathOf('utf16')}`));
  expect(html).toContain('Access is denied.');
  expect(html).toContain('Its program wrote UTF-16');
  expect(html).not.toContain('\\x00');
  expect(textOfHtml(await page(trial, `/invocations/${invocationPathOf('plain')}`))).not.toContain('UTF-16');
  expect((await trial.json(`/v1/invocations/${invocationPathOf('utf16')}`)).plugins).toMatchObject([
    { output: OUTPUTS.utf16 },
  ]);
});

it('two runs are compared by their decoded texts, and if only the encoding differs, the page says so', async () => {
  const compared = async (right: string) =>
    (await trial.json(`/v1/compare?left=${invocationPathOf('utf16')}&right=${invocationPathOf(right)}`)).outputs;
  expect(await compared('plain')).toMatchObject([{ isSame: false, isCut: false, hunks: [] }]);
  expect(await compared('marked')).toMatchObject([
    { isSame: false, hunks: [{ lines: [' first line\r', '-Access is denied.\r', '+Access is granted.\r'] }] },
  ]);
  const html = await page(trial, `/compare?left=${invocationPathOf('utf16')}&right=${invocationPathOf('plain')}`);
  expect(textOfHtml(html)).toContain('No line differs: the text is the same in another encoding');
});
