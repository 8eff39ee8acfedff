import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { unpacked } from '../../archive/evidence/pack-trial.ts';
import { archiveSignedBy, MARCH } from '../proof/marked-archive.ts';
import { type CliResult, runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { folderWithArchive, NODE } from './asked-trial.ts';

const REASON = ['--reason', 'r', '--by', 'me'];
const PACK = ['evidence', ...MARCH, '--output', 'pack.zip'];

/** Commands that take a value of a filter, each with the arguments of a call. */
const COMMANDS: Record<string, readonly string[]> = {
  evidence: PACK,
  prune: ['prune'],
  'prune --execute': ['prune', '--execute', ...REASON],
  'hold place': ['hold', 'place', ...REASON],
  coverage: ['coverage'],
  'coverage --certificate': ['coverage', '--certificate'],
};

/** Each option with a value that nothing in the archive has, and the value that may have been meant. */
const MISSPELT: Record<string, readonly [string, string]> = {
  '--account': ['012345678910', '012345678901'],
  '--region': ['eu-west-2', 'eu-west-1'],
  '--command': ['11111111-2222-4333-8444-555555555556', '11111111-2222-4333-8444-555555555555'],
  '--instance': ['i-0123456789abcdef9', NODE],
  '--document': ['AWS-RunShelScript', 'AWS-RunShellScript'],
  '--name': ['wob-1', 'web-1'],
  '--comment': ['chg-1', 'CHG-1'],
  '--step': ['runShelScript', 'runShellScript'],
};
const OF_PLACE = ['--account', '--region'];
const OF_HOLD = [...OF_PLACE, '--command', '--instance'];

const calls = Object.entries(COMMANDS).flatMap(([command, args]) =>
  Object.entries(MISSPELT)
    .filter(([option]) =>
      command.startsWith('coverage') ? OF_PLACE.includes(option) : command !== 'hold place' || OF_HOLD.includes(option),
    )
    .map(([option, [value, near]]) => ({ command, option, args: [...args, option, value], value, near })),
);

function run(folder: string, args: string[]): Promise<CliResult> {
  return args[0] === 'evidence' ? runCli(folder, args) : runHere(folder, args);
}

function countIn(folder: string, table: 'invocations' | 'holds' | 'ledger_checkpoints'): unknown {
  const { sqlite } = openArchive(join(folder, 'data', 'archive.db'));
  const count = sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  sqlite.close();
  return count;
}

describe('a value that the archive has never seen', () => {
  it.each(calls)(
    'makes $command exit with code 2 and name a similar value: $option',
    async ({ args, option, value, near }) => {
      const folder = folderWithArchive();
      const { exitCode, stdout, stderr } = await run(folder, args);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr.trimEnd()).toBe(
        `${option} "${value}": the archive has never seen it. Did you mean "${near}"? Use --allow-unseen to ask for it anyway.`,
      );
      expect([countIn(folder, 'invocations'), countIn(folder, 'holds'), countIn(folder, 'ledger_checkpoints')]).toEqual(
        [...[3, 0, 0]],
      );
      expect(readdirSync(folder)).toEqual(['data']);
    },
  );

  it('is reported as JSON with --json, and nothing else is printed', async () => {
    const folder = folderWithArchive();
    for (const args of [PACK, ['prune'], ['coverage']]) {
      const { exitCode, stdout, stderr } = await run(folder, [...args, '--region', 'eu-west-2', '--json']);
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        2,
        { neverSeen: [{ filter: 'region', value: 'eu-west-2', near: ['eu-west-1'] }] },
      ]);
      expect(stderr).toContain('--region "eu-west-2": the archive has never seen it.');
    }
  });

  it('is accepted with --allow-unseen, and named as never seen beside the empty answer', async () => {
    const folder = folderWithArchive();
    const plan = await run(folder, ['prune', '--document', 'AWS-RunShelScript', '--allow-unseen']);
    expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining('There is nothing to prune.')]);
    expect(plan.stderr).toContain('--document "AWS-RunShelScript": the archive has never seen it. Did you mean');
    const held = await run(folder, ['hold', 'place', ...REASON, '--command', 'abcd-not-there', '--allow-unseen']);
    expect([held.exitCode, countIn(folder, 'holds')]).toEqual([0, 1]);
    expect(held.stderr).toContain('--command "abcd-not-there": the archive has never seen it.');
    const coverage = await run(folder, ['coverage', '--account', '999999999999', '--allow-unseen']);
    expect([coverage.exitCode, coverage.stdout]).toEqual([1, expect.not.stringContaining('run "ssm-archive ingest"')]);
    const pack = await run(folder, [...PACK, '--document', 'AWS-RunShelScript', '--allow-unseen']);
    expect([pack.exitCode, pack.stderr]).toEqual([1, expect.stringMatching(/^No pack was made: .*--allow-empty/)]);
    expect(pack.stderr).toContain('--document "AWS-RunShelScript": the archive has never seen it.');
  });

  it('is no longer refused once archive.yaml names it', async () => {
    const folder = folderWithArchive();
    const roleArn = 'arn:aws:iam::999999999999:role/audit';
    writeFileSync(
      join(folder, 'archive.yaml'),
      JSON.stringify({ sources: [{ alias: 'new', roleArn, regions: ['us-east-1'] }] }),
    );
    const { exitCode, stderr } = await run(folder, ['prune', '--account', '999999999999', '--region', 'us-east-1']);
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('never seen')]);
    expect((await run(folder, ['coverage', '--account', '999999999999'])).exitCode).toBe(1);
  });
});

describe('a value that may have been pruned', () => {
  it('is accepted, with a note that something pruned may have had it', async () => {
    const folder = folderWithArchive();
    await run(folder, ['prune', '--execute', ...REASON, '--before', '2026-01-01']);
    expect(countIn(folder, 'invocations')).toBe(2);
    for (const args of [['prune'], PACK]) {
      const { exitCode, stderr } = await run(folder, [...args, '--document', 'AWS-RunShelScript']);
      expect(exitCode).toBe(args[0] === 'prune' ? 0 : 1);
      expect(stderr).toContain(
        '--document "AWS-RunShelScript": the archive does not have it; something that was pruned may have had it. Did you mean "AWS-RunShellScript"?',
      );
    }
  });
});

describe('a value of an impossible form', () => {
  const wrong = [
    [
      '--account',
      '01234567890',
      'must be the 12 digits of an AWS account, not "01234567890". Did you mean "012345678901"?',
    ],
    ['--region', 'eu-west1', 'must be an AWS region such as eu-west-1, not "eu-west1". Did you mean "eu-west-1"?'],
  ] as const;
  const ofForm = Object.entries(COMMANDS).flatMap(([command, args]) =>
    wrong.map(([option, value, says]) => ({ command, option, args: [...args, option, value], says })),
  );

  it.each(ofForm)(
    'makes $command exit with code 2, say what was expected and name a similar value: $option',
    async ({ args, option, says }) => {
      const { exitCode, stdout, stderr } = await run(folderWithArchive(), [...args, '--allow-unseen']);
      expect([exitCode, stdout, stderr.trimEnd()]).toEqual([2, '', `${option} ${says}`]);
    },
  );

  it('can also be a status that neither AWS nor the archive has; case and blanks are ignored', async () => {
    const folder = folderWithArchive();
    for (const args of [PACK, ['prune']]) {
      const { exitCode, stderr } = await run(folder, [...args, '--status', 'Faild']);
      expect([exitCode, stderr.trimEnd()]).toEqual([
        2,
        '--status must be a Status or StatusDetails of AWS, not "Faild". Did you mean "Failed"?',
      ]);
    }
    const known = await run(folder, ['prune', '--status', 'delivery timed out', '--status', 'rebooted', '--json']);
    expect([known.exitCode, JSON.parse(known.stdout).selection.status]).toEqual([0, ['DeliveryTimedOut', 'Rebooted']]);
  });
});

describe('a pack about a value that the archive has never seen', () => {
  it('needs both --allow options, and names the value in its manifest, its page, VERIFY.md and its verification', async () => {
    const { folder } = archiveSignedBy(1);
    const asked = [...PACK, '--document', 'AWS-RunShelScript', '--allow-unseen'];
    expect((await runCli(folder, asked)).exitCode).toBe(1);
    const made = await runCli(folder, [...asked, '--allow-empty']);
    expect([made.exitCode, made.stdout]).toEqual([0, expect.stringContaining('proves an absence only where')]);
    const files = await unpacked(join(folder, 'pack.zip'));
    const text = (name: string) => readFileSync(join(files, name), 'utf8');
    const value = { filter: 'documentName', value: 'AWS-RunShelScript' };
    expect(JSON.parse(text('manifest.json')).neverSeen).toEqual([value]);
    const says =
      /Document (?:"|&quot;)AWS-RunShelScript(?:"|&quot;): the archive had never seen it when this pack was made\./;
    expect(text('index.html')).toMatch(says);
    expect(text('VERIFY.md')).toMatch(says);
    const verified = await runCli(folder, ['verify', 'pack.zip']);
    expect([verified.exitCode, verified.stdout]).toEqual([3, expect.stringMatching(says)]);
    const json: unknown = JSON.parse((await runCli(folder, ['verify', 'pack.zip', '--json'])).stdout);
    expect(json).toMatchObject({ neverSeen: [value] });
  });
});
