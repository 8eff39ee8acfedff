import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import { startSetting } from '../../end-to-end/run-cli.ts';
import { daysOf } from '../../lake/sealed-archive.ts';
import { serve } from '../serve.ts';

const EACH_SECOND = '* * * * * *';

describe('a server with a lake', { timeout: 60_000 }, () => {
  it('seals each day that is old enough by its schedule, while it answers, and leaves no process or file behind', async () => {
    const setting = await startSetting({ invocations: 150 });
    const lake = join(setting.folder, 'lake');
    const env = { SSM_ARCHIVE_LAKE: lake, SSM_ARCHIVE_SEAL_AFTER_DAYS: '7', SSM_ARCHIVE_SEAL_SCHEDULE: EACH_SECOND };
    const server = await serve(setting, env);
    await server.said('Sealed a day.', 2);
    expect((await fetch(`${server.url}/v1/invocations?limit=1`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.lines('NOT SEALED')).toEqual([]);
    const archive = new SQLite(setting.archive, { readonly: true });
    onTestFinished(() => void archive.close());
    const days = readSealedDays(archive).map(({ day }) => day);
    expect(days.length).toBeGreaterThanOrEqual(2);
    for (const day of days) expect(existsSync(join(lake, 'invocations', `day=${day}`))).toBe(true);
    expect(days.at(-1)?.localeCompare(daysOf(archive)[0] ?? '')).toBeLessThanOrEqual(0);
    expect(readdirSync(setting.folder).filter((name) => name.startsWith('.sealing-'))).toEqual([]);
  });

  it('says each time why nothing is sealed if the lake can’t be used, and goes on serving', async () => {
    const setting = await startSetting({ invocations: 50 });
    const env = { SSM_ARCHIVE_LAKE: '/dev/null/lake', SSM_ARCHIVE_SEAL_AFTER_DAYS: '7' };
    const server = await serve(setting, { ...env, SSM_ARCHIVE_SEAL_SCHEDULE: EACH_SECOND });
    await server.said('NOT SEALED: The lake /dev/null/lake: /dev/null is a file, not a folder');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });
});
