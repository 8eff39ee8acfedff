import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { readSigningRecord } from '../../src/ledger/signing-record/read-record.ts';
import { startSetting } from '../end-to-end/run-cli.ts';
import { knowTests } from '../on-test-end.ts';
import { until } from '../until.ts';
import { type Server, startServer } from './start-server.ts';

knowTests();

const SPAN = 'from=2020-01-01&to=2030-01-01';
const EVIDENCE = '/v1/evidence?requestedAfter=2020-01-01&requestedBefore=2030-01-01';

const said = (server: Server, beginning: string) =>
  until(() => server.logged.some(({ msg }) => String(msg).startsWith(beginning)));

const refused = async ({ url }: Server) =>
  /^ssm_archive_signing_refused (\d)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];

/** Expects that the server collects and answers, but signs nothing, and says everywhere why. */
async function expectUnsigned(server: Server, why: RegExp): Promise<void> {
  await said(server, 'Collected.');
  await said(server, 'NOT SIGNED: ');
  expect(server.logged.find(({ msg }) => String(msg).startsWith('NOT SIGNED'))?.msg).toMatch(why);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await refused(server)).toBe('1');
  for (const path of [`/v1/coverage/certificate?${SPAN}`, EVIDENCE]) {
    const reply = await fetch(server.url + path);
    expect([path, reply.status]).toEqual([path, 503]);
    expect(await reply.json()).toMatchObject({ title: 'Not signed', detail: expect.stringMatching(why) });
  }
  for (const path of ['/', '/integrity'])
    expect(await (await fetch(server.url + path)).text()).toMatch(/NOT SIGNED<\/strong>: /);
  expect((await fetch(`${server.url}/v1/invocations?limit=1`)).status).toBe(200);
}

async function signedOnce() {
  const setting = await startSetting({ invocations: 100 });
  const server = await startServer(setting);
  await said(server, 'Collected.');
  expect(await refused(server)).toBe('0');
  for (const path of ['/', '/integrity'])
    expect(await (await fetch(server.url + path)).text()).not.toContain('NOT SIGNED');
  await server.stop();
  return setting;
}

describe.concurrent('a server', { timeout: 60_000 }, () => {
  it('collects and answers if its key is missing, and says everywhere that it does not sign', async () => {
    const setting = await signedOnce();
    const key = `${setting.archive}.key`;
    renameSync(key, `${key}.elsewhere`);
    const server = await startServer(setting);
    await expectUnsigned(server, /signed by ssm-archive\/\w+ until now, .*Put the key back, or renew/);
    expect(existsSync(key)).toBe(false);
    // The server needs no restart once the key is back.
    renameSync(`${key}.elsewhere`, key);
    await until(async () => (await fetch(`${server.url}/v1/coverage/certificate?${SPAN}`)).status === 200);
    expect(await refused(server)).toBe('0');
  });

  it('collects and answers, but does not sign, if its archive was replaced by an older copy with fewer entries than the server has signed', async () => {
    const setting = await signedOnce();
    const old = `${setting.folder}/old.db`;
    const opened = openArchive(setting.archive);
    opened.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    opened.close();
    copyFileSync(setting.archive, old);
    const again = await startServer(setting);
    await said(again, 'Collected.');
    await again.stop();
    for (const end of ['-wal', '-shm']) rmSync(setting.archive + end, { force: true });
    copyFileSync(old, setting.archive);
    const owner = { keyPath: `${setting.archive}.key` };
    const before = readSigningRecord(owner)?.note;
    const server = await startServer(setting, undefined, {
      ...{ config: { verifySchedule: '* * * * * *' }, firstVerifyAfterMs: 100 },
    });
    await expectUnsigned(
      server,
      /its key has signed \d+ leaves, but (the file has only \d+|the first \d+ leaves of the file)/,
    );
    await said(server, 'VERIFY FAILED: the archive is not intact. The first of 1 found: its key has signed ');
    expect(readFileSync(`${setting.archive}.signed`, 'utf8')).toBe(before);
  });
});
