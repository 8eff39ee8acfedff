import { describe, expect, it } from 'vitest';
import { openAccessDb } from '../../src/access/log/open-access-db.ts';
import { readAccessLog } from '../../src/access/log/read-access-log.ts';
import { type Setting, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { fillArchive } from './fill-archive.ts';
import { readHalf } from './half-read.ts';
import { expectWholePass } from './passes/expect-whole-pass.ts';
import { askForPass, beginToFollow } from './passes/follow-pass.ts';
import { startServer } from './start-server.ts';

/** This many rows of four kilobytes are far more than connections and pipes can hold, even compressed. */
const ROWS = 4000;
const COMMENT_LENGTH = 4000;
const EXPORT = '/v1/invocations?account=999999999999&format=csv';
/** The node of one in every five hundred rows. */
const INSTANCE = `i-${'0'.repeat(16)}7`;
/** Not compressed, because compression takes longer than everything else in an export. */
const PLAIN = { headers: { 'accept-encoding': 'identity' } };
const GZIP = 'Accept-Encoding: gzip\r\n';

async function filled(): Promise<Setting> {
  const setting = await startSetting({ invocations: 50 });
  fillArchive(setting.archive, ROWS, COMMENT_LENGTH);
  return setting;
}

const linesOf = async (reply: Response) => (await reply.text()).split('\r\n').length - 1;

/** Returns how the downloads of this archive's server ended, from its access log, newest first. */
function outcomes({ archive }: Setting): string[] {
  const db = openAccessDb(`${archive}.access`);
  try {
    return readAccessLog(db, { limit: 9 }).items.flatMap(({ query, outcome }) =>
      query.includes('csv') ? [outcome] : [],
    );
  } finally {
    db.close();
  }
}

describe('an export over HTTP', () => {
  it('shows one state of the archive, even while a pass collects and pages are answered', async () => {
    const setting = await startSetting({ invocations: 500, faults: { slowRate: 1, slowMs: 1500 } });
    fillArchive(setting.archive, ROWS, COMMENT_LENGTH);
    const { url } = await startServer(setting);
    const { pass } = await askForPass(url);
    const { events } = await beginToFollow(url, pass.id);
    await until(() => setting.simulator.stats.pages > 3);
    const reply = await fetch(url + EXPORT, { headers: { 'accept-encoding': 'gzip' } });
    expect([reply.status, reply.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="invocations-.+\.csv"$/);
    const page: { items: unknown[] } = JSON.parse(await (await fetch(`${url}/v1/invocations?limit=50`)).text());
    expect(page.items).toHaveLength(50);
    expect(await linesOf(reply)).toBe(ROWS + 1);
    // Until now the pass was still waiting for most of its replies.
    setting.simulator.faults.slowRate = 0;
    expect((await events).at(-1)).toMatchObject({ event: 'end', view: { state: 'complete' } });
    expect(outcomes(setting)).toEqual(['complete']);
    expectWholePass(setting);
  });

  it.each(['', GZIP])('frees its reader for the next export if its client goes away (%j)', async (headers) => {
    const setting = await filled();
    const { url } = await startServer(setting);
    const { socket } = await readHalf(url, EXPORT, headers);
    // With two readers, only one export runs at a time.
    const next = fetch(url + EXPORT, PLAIN);
    socket.destroy();
    expect(await linesOf(await next)).toBe(ROWS + 1);
    expect(outcomes(setting)).toEqual(['complete', 'aborted']);
  });

  it.each(['', GZIP])('breaks off at its deadline if its client reads nothing (%j)', async (headers) => {
    const setting = await filled();
    const { url, logged } = await startServer(setting, undefined, { config: { exportDeadlineMs: 3000 } });
    // The deadline covers only the export, not the start of a reader on a busy machine.
    expect((await fetch(`${url}/v1/stats?groupBy=day`)).status).toBe(200);
    const { rest } = await readHalf(url, EXPORT, headers);
    await until(() => logged.some(({ msg }) => msg === 'A streamed answer ended too early.'));
    expect(await rest()).toEqual({ isWhole: false });
    expect(outcomes(setting)).toEqual(['failed']);
    // A small export, which is over long before the deadline.
    expect(await linesOf(await fetch(`${url}${EXPORT}&instanceId=${INSTANCE}`))).toBe(ROWS / 500 + 1);
  });

  it.each(['', GZIP])('breaks off if the server stops, and its row in the access log says so (%j)', async (headers) => {
    const setting = await filled();
    const { url, stop } = await startServer(setting, undefined, { answerGraceMs: 10 });
    const { rest } = await readHalf(url, EXPORT, headers);
    await stop();
    expect(await rest()).toEqual({ isWhole: false });
    expect(outcomes(setting)).toEqual(['failed']);
  });

  it('is compressed only for a client that accepts gzip', async () => {
    const setting = await startSetting({ invocations: 50 });
    fillArchive(setting.archive, 100);
    const { url } = await startServer(setting);
    const encodings: [given: string, encoding: string | null][] = [
      ['gzip', 'gzip'],
      ['br, *;q=0.1', 'gzip'],
      ['gzip;q=0, *', null],
      ['deflate', null],
      ['', null],
    ];
    for (const [given, encoding] of encodings) {
      const reply = await fetch(url + EXPORT, { headers: { 'accept-encoding': given } });
      expect([given, reply.headers.get('content-encoding')]).toEqual([given, encoding]);
      expect(reply.headers.get('vary')).toMatch(/^Accept, ?Accept-Encoding$/i);
      expect(await linesOf(reply)).toBe(101);
    }
  });

  it('is complete if it ends within the grace period after the server is told to stop', async () => {
    const setting = await filled();
    const { url, stop } = await startServer(setting, undefined, { answerGraceMs: 30_000 });
    const reply = await fetch(url + EXPORT);
    const [lines] = await Promise.all([linesOf(reply), stop()]);
    expect(lines).toBe(ROWS + 1);
  });
});
