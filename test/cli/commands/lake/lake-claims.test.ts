import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../db/temp-archive.ts';
import { type CliResult, runCli } from '../../run-cli.ts';

/** Archives in folders of their own that share a lake, and have nothing yet. */
function archivesOf(lake: string) {
  return (number: number) => {
    const folder = tempFolder();
    const env = { SSM_ARCHIVE_LAKE: lake, SSM_ARCHIVE_NUMBER: String(number) };
    return (args: string[], more: Record<string, string> = {}): Promise<CliResult> =>
      runCli(folder, args, { ...env, ...more });
  };
}

const PLACE = ['--account', '111122223333', '--region', 'eu-west-1'];

describe('ssm-archive lake', () => {
  it('claims, lists and releases for archives with numbers of their own, and says why if it does not', async () => {
    const lake = join(tempFolder(), 'lake');
    const archive = archivesOf(lake);
    const [zero, seven] = [archive(0), archive(7)];
    for (const call of [zero, seven]) expect(await call(['init'])).toMatchObject({ exitCode: 0 });
    expect((await zero(['lake', 'claims'])).stdout).toBe(
      'No archive has sealed or claimed anything in this lake yet.\n',
    );
    const claimed = await zero(['lake', 'claim', ...PLACE, '--by', 'alice']);
    expect(claimed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(claimed.stdout).toMatch(/^Claimed: 111122223333 eu-west-1 is owned by archive 0 of the lake since .*\n$/);
    const refused = await seven(['lake', 'claim', ...PLACE]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /is owned by archive 0 .*; its ledger is signed by ssm-archive\/\w+\. Nothing of it was claimed for this archive, 7\./,
    );
    const listed = JSON.parse((await seven(['lake', 'claims', '--json'])).stdout);
    expect(listed).toMatchObject({
      ...{ lake, thisArchive: 7, archives: [{ archive: 0 }, { archive: 7 }] },
      places: [{ accountId: '111122223333', region: 'eu-west-1', archive: 0, state: 'claimed', by: 'alice' }],
    });
    expect((await zero(['lake', 'release', ...PLACE])).stdout).toMatch(/^Released: 111122223333 eu-west-1\./);
    expect(await seven(['lake', 'claim', ...PLACE])).toMatchObject({ exitCode: 0 });
    expect((await seven(['lake', 'claims'])).stdout).toMatch(/^111122223333 +eu-west-1 +7 \(this one\) +claimed/m);
    expect((await seven(['status', '--json'])).stdout).toMatch(/"archiveNumber": 7/);
    expect((await seven(['status'])).stdout).toMatch(/^Number {5}7, among the archives/m);
    const doctor = await seven(['doctor', '--lake']);
    expect(doctor.stdout).toMatch(
      /lake: this is archive 7 of the lake, and owns 1 account and region; archive 0 has been/,
    );
    // Nothing has signed its ledger yet, and what is in it fits.
    expect((await zero(['verify'])).stdout).toMatch(/^CONSISTENT[\s\S]*^Ledger +3 leaves/m);
  });

  it('refuses another number than the archive’s, one that is taken, and names that can not be any', async () => {
    const lake = join(tempFolder(), 'lake');
    const archive = archivesOf(lake);
    const [zero, other] = [archive(0), archive(0)];
    for (const call of [zero, other]) await call(['init']);
    await zero(['lake', 'claim', ...PLACE]);
    const before = readdirSync(lake, { recursive: true });
    const taken = await other(['lake', 'claim', '--account', '444455556666', '--region', 'eu-west-1']);
    expect(taken).toMatchObject({ exitCode: 1, stdout: '' });
    expect(taken.stderr).toMatch(/has an archive 0 since .* is another archive\. Nothing was put there\./);
    expect(readdirSync(lake, { recursive: true })).toEqual(before);
    for (const [args, more, says] of [
      [['lake', 'claim', ...PLACE], { SSM_ARCHIVE_NUMBER: '8192' }, /must be a whole number from 0 to 8191/],
      [['lake', 'claim', '--account', 'x'], {}, /--account accepts the 12 digits of an account, not "x"/],
      [['lake', 'claim', '--account', '111122223333', '--region', '../x'], {}, /--region accepts the name of an AWS/],
      [['lake', 'claim', '--account', '444455556666'], {}, /This archive knows no region of 444455556666/],
      [['lake', 'claims'], { SSM_ARCHIVE_LAKE: '' }, /There is no lake\./],
    ] as const)
      expect(await zero([...args], more)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(says) });
  });
});
