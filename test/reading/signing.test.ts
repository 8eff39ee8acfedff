import { chmodSync, chownSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { knowTests } from '../on-test-end.ts';
import { serve } from '../service/serve.ts';
import { call, folderOf, isWithoutUsers, letRead, NEEDS_USERS } from './reading-trial.ts';

knowTests();

/** Commands that answer a question and sign a checkpoint. All other commands that answer a question write nothing. */
const SIGNING = [
  ['coverage', '--certificate'],
  ['evidence', '--from', '2026-01-01', '--to', '2099-01-01', '--output', 'FREE/pack.zip'],
];
const NOBODY = 65_534;

const collected = async (): Promise<Setting> => {
  const setting = await startSetting({ invocations: 50, longShare: 0, rollingShare: 0 });
  expect((await start(setting, ['ingest']).ended).code).toBe(0);
  return setting;
};

describe.concurrent('a command that answers a question and signs a checkpoint', () => {
  it('says in its help that it writes into the archive', async () => {
    const setting = await startSetting({ invocations: 1 });
    for (const [name = ''] of SIGNING)
      expect((await call(setting, [name, '--help'])).out.replace(/\s+/g, ' ')).toMatch(
        /signs a checkpoint of the ledger and writes it into the archive, so it needs a user who may write there, and the ledger's key/,
      );
  });

  it.skipIf(isWithoutUsers).each([
    ['a stopped archive', async (_: Setting) => {}],
    ['the archive of a running server', async (setting: Setting) => void (await serve(setting))],
    [
      'an archive in WAL mode without its -wal',
      async ({ archive }: Setting) => {
        const sqlite = new SQLite(archive);
        sqlite.pragma('journal_mode = WAL');
        sqlite.close();
      },
    ],
  ])(
    `prints one sentence for a user who may only read, and makes no file beside %s, even if everybody may write to the folder ${NEEDS_USERS}`,
    async (_, make) => {
      const setting = await collected();
      await make(setting);
      letRead(setting.archive);
      chmodSync(setting.folder, 0o777);
      const names = () => folderOf(setting.archive).map((line) => line.split(' ').slice(0, 3).join(' '));
      const before = names();
      for (const args of SIGNING)
        expect(await call(setting, args, true)).toEqual({
          code: 2,
          out: '',
          err: expect.stringMatching(/^This command writes to the archive .*, but this user may not write to .*\n$/),
        });
      expect(names()).toEqual(before);
    },
  );

  it.skipIf(isWithoutUsers)(
    `prints one sentence for a user who may write, but not read the key ${NEEDS_USERS}`,
    async () => {
      const setting = await collected();
      rmSync(join(setting.folder, 'archive.db-wal'), { force: true });
      chmodSync(setting.folder, 0o777);
      chownSync(setting.archive, NOBODY, NOBODY);
      for (const args of SIGNING)
        expect(await call(setting, args, true)).toEqual({
          code: 2,
          out: '',
          err: expect.stringMatching(
            /^The ledger's key .*archive-ledger\.key can't be used: this user may not (read|write).*\n$/,
          ),
        });
    },
  );
});
