import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report, ReportDelivery } from '../../src/questions/reports/report.ts';
import { type Setting, startSetting } from '../end-to-end/run-cli.ts';
import { deliveredIn, ENDLESS } from '../reports/delivery-trial.ts';
import { until } from '../until.ts';
import { fillArchive } from './fill-archive.ts';
import { startServer } from './start-server.ts';

const ROWS = 10_000;
const ALL: Report = {
  ...{ name: 'all', description: 'All invocations of an account.' },
  sql: 'SELECT instance_id, comment FROM invocations WHERE account_id = :account ORDER BY id',
  parameters: [{ name: 'account', type: 'text', description: 'The account.', default: '999999999999' }],
};

function deliveryIn({ folder }: Setting, report: string, more: Partial<ReportDelivery> = {}): ReportDelivery {
  return { report, schedule: '* * * * * *', directory: join(folder, 'out'), format: 'csv', values: {}, ...more };
}

const visibleIn = (folder: string) => readdirSync(folder).filter((name) => !name.startsWith('.'));
const hiddenIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.')) : [];

/** Whether a file that is being written has at least this many bytes. */
const hasBegun = (folder: string, bytes: number) =>
  hiddenIn(folder).some((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > bytes);

// Each test starts many processes before anything is written.
const PATIENCE_MS = 50_000;

describe('a report with a schedule', { timeout: 120_000 }, () => {
  it('is written again and again, each time complete and with its companion file, even if other reports fail', async () => {
    const setting = await startSetting({ invocations: 100 });
    fillArchive(setting.archive, ROWS);
    const out = join(setting.folder, 'out');
    writeFileSync(join(setting.folder, 'file'), 'no folder');
    const deliveries = [
      deliveryIn(setting, 'all', { directory: join(setting.folder, 'file') }),
      deliveryIn(setting, 'all'),
      deliveryIn(setting, 'all', { format: 'ndjson', values: { account: '' } }),
    ];
    const { logged, stop } = await startServer(setting, undefined, { config: { reports: [ALL], deliveries } });
    // Every report that is visible at any moment is complete. Otherwise deliveredIn throws.
    const seen: string[] = [];
    const hasArrived = (ending: string, times: number) => () => {
      if (existsSync(out)) seen.push(...deliveredIn(out, seen).map(({ name }) => name));
      return seen.filter((name) => name.endsWith(ending)).length >= times;
    };
    await until(hasArrived('.csv', 1), PATIENCE_MS);
    await until(hasArrived('.ndjson', 1));
    await until(hasArrived('.csv', 2));
    await stop();
    const arrived = deliveredIn(out);
    for (const { name, text, about } of arrived) {
      const isCsv = name.endsWith('.csv');
      expect(about).toMatchObject({ report: 'all', sql: ALL.sql, rows: isCsv ? ROWS : 0 });
      expect(text.split('\r\n').length - 1).toBe(isCsv ? ROWS + 1 : 0);
    }
    expect(hiddenIn(out)).toEqual([]);
    const failed = logged.filter(({ msg }) => msg === 'A report could not be written.');
    expect(failed.length).toBeGreaterThan(0);
    for (const line of failed) expect(line).toMatchObject({ report: 'all', directory: join(setting.folder, 'file') });
    expect(logged.filter(({ msg }) => msg === 'A report was written.').length).toBe(arrived.length);
  });

  it('is abandoned, and leaves no file, if the server stops while it is being written', async () => {
    const setting = await startSetting({ invocations: 100 });
    const out = join(setting.folder, 'out');
    const config = { reports: [ENDLESS], deliveries: [deliveryIn(setting, 'endless')] };
    const { logged, stop } = await startServer(setting, undefined, { config, answerGraceMs: 10 });
    await until(() => hasBegun(out, 100_000), PATIENCE_MS);
    await stop();
    expect(readdirSync(out)).toEqual([]);
    // Scheduled times that came while the report was being written were skipped.
    expect(logged.filter(({ msg }) => String(msg).startsWith('A report was given up'))).toHaveLength(1);
  });

  it('is never visible if the server is killed while it writes the report, and the next server removes the remains', async () => {
    const setting = await startSetting({ invocations: 100 });
    const out = join(setting.folder, 'out');
    const file = join(setting.folder, 'archive.yaml');
    const report = { ...ENDLESS, schedule: '* * * * * *', directory: out };
    writeFileSync(file, JSON.stringify({ reports: [report] }));
    const env = { ...setting.env, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *', SSM_ARCHIVE_CONFIG: file };
    const server = spawn(process.execPath, ['dist/cli.js', 'serve'], { env, stdio: 'ignore' });
    onTestFinished(() => {
      server.kill('SIGKILL');
    });
    const ended = new Promise((resolve) => server.on('exit', resolve));
    await until(() => hasBegun(out, 100_000), PATIENCE_MS);
    server.kill('SIGKILL');
    await ended;
    expect(hiddenIn(out)).toHaveLength(1);
    expect(visibleIn(out)).toEqual([]);
    const deliveries = [deliveryIn(setting, 'endless', { schedule: '0 0 1 1 *' })];
    const { logged } = await startServer(setting, undefined, { config: { reports: [ENDLESS], deliveries } });
    expect(readdirSync(out)).toEqual([]);
    expect(logged.map(({ msg }) => msg)).toContain('Removed reports that were not completely written.');
  });
});

it('a server does not start, and makes no file, if a scheduled report does not exist or has an impossible value', async () => {
  const setting = await startSetting({ invocations: 100 });
  const deliveries = [deliveryIn(setting, 'nowhere'), deliveryIn(setting, 'unfinished', { values: { as_of: 'x' } })];
  const started = startServer(setting, undefined, { config: { deliveries } });
  await expect(started).rejects.toThrow(/nowhere: .*\n.*unfinished\.values\.as_of: must be a date/);
  expect(readdirSync(setting.folder)).toEqual([]);
});
