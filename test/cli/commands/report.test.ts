import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';

knowTests();

function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(page([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }].map(rawInvocation)));
  db.close();
  return folder;
}

const SPAN = ['--param', 'from=2026-01-01', '--param', 'to=2027-01-01'];

describe.concurrent('ssm-archive report', () => {
  const report = (...args: string[]) => runCli(folderWithArchive(), ['report', ...args]);

  it('lists the reports with their parameters if no report is named', async () => {
    const { exitCode, stdout } = await report();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^REPORT +PARAMETERS +ENGINES +WHAT IT ANSWERS\n/);
    expect(stdout).toMatch(/^what-ran +from\? to\? account\? document\? node\? +archive, lake +What ran /m);
    expect(stdout).toMatch(/^unfinished +as_of\? +archive +Invocations /m);
  });

  it('shows the parameters of a report, and its SQL', async () => {
    const { stdout } = await report('what-ran', '--describe');
    expect(stdout).toMatch(/^what-ran\n.+\n {2}from \(time, "-30d" unless given\): /);
    expect(stdout).toContain('SELECT');
    expect(stdout).toContain('Its SQL is portable: with engine: lake it gives the same answer');
    const other = await report('unfinished', '--describe');
    expect(other.stdout).toContain('Its SQL is for the archive alone: it needs the table unfinished_commands');
  });

  it('runs a report with its parameters, in any format', async () => {
    const { exitCode, stdout, stderr } = await report('what-ran', ...SPAN, '--format', 'ndjson');
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^2 rows in /)]);
    const nodes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).instance_id);
    expect(nodes.sort()).toEqual(['i-1', 'i-2']);
    const one = await report('what-ran', ...SPAN, '--param', 'node=i-2', '--format', 'csv');
    expect(one.stdout.split('\r\n')).toHaveLength(3);
    const sheet = await report('what-ran', ...SPAN, '--param', 'node=i-2', '--format', 'csv', '--for', 'spreadsheet');
    expect([sheet.exitCode, sheet.stdout.charAt(0)]).toEqual([0, '\ufeff']);
    expect(sheet.stdout.split('\r\n')).toHaveLength(3);
  });

  it.each([
    [['nothing'], 'There is no report "nothing".'],
    [['what-ran', '--param', 'from=yesterday', '--param', 'nodes=x'], /from: must be .*\n +nodes: is not a parameter/],
    [['what-ran', '--param', 'from'], '--param must be name=value, not "from".'],
    [['--describe'], 'Name the report'],
    [['what-ran', '--token', 'x'], '--token is for a server'],
    [['what-ran', '--for', 'spreadsheet'], '--for spreadsheet is only for --format csv.'],
    [['what-ran', '--limit', '1', '--format', 'csv'], '--limit is not for csv'],
  ])('names the fault in the call %j', async (args, sentence) => {
    const { exitCode, stderr } = await report(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
