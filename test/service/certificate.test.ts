import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSigningKey, parseVerifierKey } from '../../src/ledger/notes/note-key.ts';
import { openNote } from '../../src/ledger/notes/signed-note.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { ACCOUNT, REGION, start, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { startServer } from './start-server.ts';

const counts = z.looseObject({ countedCommands: z.int(), targetCount: z.int(), invocations: z.int() });
const place = z.looseObject({ sweeps: z.array(z.looseObject({ leaf: z.int() })), counts });
const certificateForm = z.looseObject({ places: z.tuple([place]) });
const issuedForm = z.object({ certificate: certificateForm, note: z.string() });
const runsForm = z.object({ items: z.array(z.looseObject({ outcome: z.string() })) });

it('the server and the command certify what a pass has collected, with the same key and the sweeps of that pass', async () => {
  const setting = await startSetting({ invocations: 500 });
  const keyPath = `${setting.archive}.key`;
  const { url, stop } = await startServer(setting);
  const span = { from: isoFromMs(Date.now() - 20 * DAY_MS), to: isoFromMs(Date.now() - DAY_MS) };
  const path = `/v1/coverage/certificate?account=${ACCOUNT}&from=${span.from}&to=${span.to}`;
  await until(
    async () => runsForm.parse(await (await fetch(`${url}/v1/runs`)).json()).items[0]?.outcome === 'complete',
  );
  const { certificate, note } = issuedForm.parse(await (await fetch(url + path)).json());
  expect(certificate).toMatchObject({
    complete: true,
    places: [{ accountId: ACCOUNT, region: REGION, span, gaps: [], unproven: [], moreSweeps: 0 }],
  });
  const [{ sweeps, counts: told }] = certificate.places;
  expect(sweeps.length).toBeGreaterThan(0);
  expect(told).toMatchObject({ shortCommands: [], moreShortCommands: 0 });
  expect([told.countedCommands > 0, told.invocations]).toEqual([true, told.targetCount]);
  expect(existsSync(keyPath)).toBe(true);
  const key = parseVerifierKey(parseSigningKey(readFileSync(keyPath, 'utf8').trim()).verifierKey);
  expect(openNote(note, [key]).text).toContain('"complete":true');
  await stop();

  setting.env.SSM_ARCHIVE_LEDGER_KEY = keyPath;
  const args = ['coverage', '--certificate', '--from', span.from, '--to', span.to, '--account', ACCOUNT];
  const { code, out, err } = await start(setting, args).ended;
  expect([code, err]).toEqual([0, '']);
  expect(openNote(out, [key]).text).toMatch(/^ssm-archive\/coverage-certificate v1\n\{"asked":/);
  const json = await start(setting, [...args, '--json']).ended;
  expect(issuedForm.parse(JSON.parse(json.out)).certificate.places).toEqual(certificate.places);
  const elsewhere = await start(setting, [...args, '--region', 'us-east-1', '--allow-unseen']).ended;
  expect(elsewhere).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^Nothing is certified: /) });
});
