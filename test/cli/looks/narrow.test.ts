import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { knowTests } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';
import { onTerminal, widestOf } from './on-terminal.ts';

knowTests();

const ACCOUNT = '111122223333';
const REGION = 'ap-southeast-2';
const LONG = 'a reason as long as a lawyer writes it, with the number of the case and the name of who asked for it';
const TOKEN = 'the longest name that is allowed, which has sixty-three letters';

/** Makes an archive that was collected from a simulated service. The service still answers afterwards. */
async function collected() {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-test-'));
  const simulator = await startSimulator({ accounts: [{ accountId: ACCOUNT, regions: [REGION] }], invocations: 60 });
  const env = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'any',
    SSM_ARCHIVE_LOG_LEVEL: 'silent',
  };
  // The second source is missing, so there are gaps to show.
  const sources = [
    { alias: 'production', regions: [REGION] },
    { alias: 'another', accountId: '444455556666', regions: ['eu-west-1'] },
  ];
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources }));
  const made: string[] = [];
  for (const args of [
    ['ingest'],
    ['hold', 'place', '--reason', LONG, '--account', ACCOUNT, '--from', '2026-01-01'],
    ['token', 'create', '--name', TOKEN, '--role', 'operator'],
  ]) {
    const { stdout, stderr } = await runCli(folder, args, env);
    made.push(stdout + stderr);
  }
  expect(made.join('')).toContain('is placed');
  const end = async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, env, end };
}

/** Times are left out, because the edge of what the service remembers moves from call to call. */
const withoutTimes = (text: string) => text.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<time>');
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '' && !/^─+$/.test(word));

/** Calls that print tables, and that print the same each time. */
const CALLS: string[][] = [
  ['status'],
  ['coverage'],
  ['source', 'list'],
  ['token', 'list'],
  ['key', 'show'],
  ['hold', 'list'],
  ['report', '--list'],
  ['sql', 'SELECT command_id, instance_id, status, requested_at, document_name FROM invocations ORDER BY id LIMIT 3'],
  ['sql', "SELECT 'Failed' AS status, printf('%.300c', 'x') AS output"],
  ['doctor', '--json'],
];

describe.runIf(process.platform === 'linux')('on a terminal of 80 and of 60 columns', { concurrent: true }, () => {
  let setting: Awaited<ReturnType<typeof collected>>;
  beforeAll(async () => {
    setting = await collected();
  }, 60_000);
  afterAll(() => setting.end());

  it.each(CALLS.map((call) => ({ call, name: call.slice(0, 2).join(' ') })))(
    '$name prints everything that it prints into a pipe, and cuts nothing off',
    async ({ call: args }) => {
      const piped = await runCli(setting.folder, args, setting.env);
      for (const columns of [80, 60]) {
        const terminal = onTerminal(args, { ...setting, columns });
        expect(await terminal.ended).toBe(piped.exitCode);
        const shown = withoutTimes(terminal.text());
        expect(shown).not.toContain('…');
        // A cell that is too wide is broken within a word, so the texts are compared without blanks.
        for (const word of words(withoutTimes(piped.stdout))) expect(shown.replace(/[\s│]+/g, '')).toContain(word);
      }
    },
  );

  it.each([
    ['coverage', 'missing'],
    ['coverage', 'complete'],
    ['status', 'failed'],
    ['hold list', 'held'],
    ['source list', 'owed'],
  ])('%s shows "%s" in a table whose lines fit', async (call, answer) => {
    for (const columns of [80, 60]) {
      const terminal = onTerminal(call.split(' '), { ...setting, columns });
      await terminal.ended;
      const lines = terminal.text().split('\n');
      const begin = lines.findIndex((line) => /^(STATE|ACCOUNT|ID|SOURCE) /.test(line));
      const table = lines.slice(begin).filter((line) => !/[.;:] |[.]$/.test(line));
      expect(table.join('\n')).toMatch(new RegExp(`\\b${answer}\\b`));
      expect(widestOf(table.join('\n'))).toBeLessThanOrEqual(columns);
    }
  });

  it('`coverage` begins each row with its state', async () => {
    const terminal = onTerminal(['coverage'], { ...setting, columns: 80 });
    await terminal.ended;
    expect(terminal.text()).toMatch(/^STATE +ACCOUNT +REGION +FROM\n +TO +SPAN$/m);
    expect(terminal.text()).toMatch(/^(complete|edge|missing) +\d{12} /m);
  });
});
