import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { type OnEnd, type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { serve } from '../service/serve.ts';
import { COMMANDS_BY_DEED, READING_CALLS } from './commands.ts';
import { call, folderOf, isWithoutUsers, letRead, modeOf, NEEDS_USERS } from './reading-trial.ts';

const FLEET = { invocations: 120, longShare: 0, rollingShare: 0 };
const AT_ONCE = 3;

const ends: (() => void | Promise<void>)[] = [];
let collected: Setting;
beforeAll(async () => {
  const onEnd: OnEnd = (end) => void ends.unshift(end);
  collected = await startSetting(FLEET, onEnd);
  expect((await start(collected, ['ingest'], undefined, onEnd).ended).code).toBe(0);
});
afterAll(async () => {
  for (const end of ends) await end();
});

/** A separate archive, in the state in which this version leaves it at a clean end. */
function stopped(): Setting {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-read-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, 'archive.db');
  copyFileSync(collected.archive, archive);
  copyFileSync(join(collected.folder, 'archive-ledger.key'), join(folder, 'archive-ledger.key'));
  return { ...collected, folder, archive, env: { ...collected.env, SSM_ARCHIVE_DB: archive } };
}

/** An archive in the state in which an older version leaves it at a clean end. */
function inWal(): Setting {
  const setting = stopped();
  const sqlite = new SQLite(setting.archive);
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec('UPDATE runs SET outcome = outcome');
  sqlite.close();
  expect(modeOf(setting.archive)).toEqual([2, 2]);
  return setting;
}

async function killed(): Promise<Setting> {
  const setting = stopped();
  const server = await serve(setting);
  await server.stop('SIGKILL');
  return setting;
}

async function running(): Promise<Setting> {
  const setting = stopped();
  await serve(setting);
  return setting;
}

const FILES: [what: string, make: () => Setting | Promise<Setting>, changing?: RegExp][] = [
  ['a stopped archive', stopped],
  ['the archive of a server that was killed', killed],
  // These files may change, because the server itself writes them: its -wal and its access log.
  ['the archive of a running server', running, /-(wal|shm)$|access/],
  ['an archive in WAL mode without its -wal, as older versions left it', inWal],
];

/** Checks that every reading command answers on this archive, and that no file in its folder changes. */
async function expectUnchanged(setting: Setting, isOther: boolean, changing?: RegExp): Promise<void> {
  const before = folderOf(setting.archive, changing);
  const names = folderOf(setting.archive).map((line) => line.split(' ')[0]);
  for (let at = 0; at < READING_CALLS.length; at += AT_ONCE)
    await Promise.all(
      READING_CALLS.slice(at, at + AT_ONCE).map(async ({ args, says }) => {
        const { code, out, err } = await call(setting, args, isOther);
        expect([args.join(' '), out, err, code]).toEqual([
          args.join(' '),
          expect.stringMatching(says),
          expect.not.stringMatching(/fault of ssm-archive|SQLITE_|ExperimentalWarning/),
          expect.toSatisfy((c) => c === 0 || c === 1 || c === 3),
        ]);
      }),
    );
  expect(folderOf(setting.archive).map((line) => line.split(' ')[0])).toEqual(names);
  expect(folderOf(setting.archive, changing)).toEqual(before);
}

describe('every command that reads', () => {
  it('is in the list that says whether a command reads the archive or writes to it', () => {
    expect(Object.keys(COMMANDS_BY_DEED).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(FILES)('changes no byte of %s, and makes no file beside it', async (_, make, changing) => {
    await expectUnchanged(await make(), false, changing);
  });

  it.skipIf(isWithoutUsers).each(FILES)(
    `answers from %s to a user who may only read, in a folder that is read-only ${NEEDS_USERS}`,
    async (_, make, changing) => {
      const setting = await make();
      letRead(setting.archive);
      await expectUnchanged(setting, true, changing);
    },
  );
});
