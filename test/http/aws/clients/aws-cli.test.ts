import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandInvocationRecord } from '../../../../src/http/aws/records.ts';
import { filter } from '../conformance/conformance-requests.ts';
import { readPages } from '../read-pages.ts';
import { faultsOfReplies, isWithoutBoto, NEEDS_BOTO } from './boto.ts';
import { type ClientTrial, startClientTrial } from './client-trial.ts';

// Debian's AWS CLI v2, which does not read AWS_ENDPOINT_URL. Another "aws" may come first on PATH.
const AWS = '/usr/bin/aws';
const isMissing = !existsSync(AWS) && !process.env.CI;

describe.skipIf(isMissing)(`the AWS CLI at an archive (needs ${AWS}: apt-get install awscli)`, () => {
  let trial: ClientTrial;
  let truth: CommandInvocationRecord[];
  beforeAll(async () => {
    trial = await startClientTrial();
    truth = trial.truth();
  });
  afterAll(() => trial.close());

  const aws = (...args: string[]) => awsWith(trial.env, ...args);
  /** Runs `aws ssm` to its end. */
  async function awsWith(env: Record<string, string>, ...args: string[]) {
    const all = ['ssm', ...args, '--endpoint-url', trial.recorder.url, '--output', 'json'];
    try {
      const { stdout, stderr } = await promisify(execFile)(AWS, all, { env, maxBuffer: 1e8 });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr.trim() };
    }
  }

  const asPrinted = (invocations: readonly CommandInvocationRecord[]) => JSON.parse(JSON.stringify(invocations), iso);
  // The CLI prints times as ISO 8601, with microseconds and an offset.
  function iso(key: string, value: unknown): unknown {
    if (!/DateTime$/.test(key) || typeof value !== 'number') return value;
    return new Date(value * 1000)
      .toISOString()
      .replace(/(\.\d{3})Z$/, (_, ms) => `${ms === '.000' ? '' : `${ms}000`}+00:00`);
  }

  test('--page-size reads pages of that size, and prints everything that the service lists', async () => {
    const since = trial.recorder.exchanges.length;
    const { out, err, code } = await aws('list-command-invocations', '--details', '--page-size', '30');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(JSON.parse(out)).toEqual({ CommandInvocations: asPrinted(truth) });
    const asked = trial.recorder.exchanges.slice(since).map(({ body }) => body.MaxResults);
    expect(asked).toEqual(Array(Math.ceil(truth.length / 30)).fill(30));
  });

  test('--max-items and --starting-token cut a listing in the middle of a page, and continue where it was cut', async () => {
    const options = ['list-command-invocations', '--page-size', '20', '--max-items'];
    const first = JSON.parse((await aws(...options, '30')).out);
    const second = JSON.parse((await aws(...options, '500', '--starting-token', first.NextToken)).out);
    const bare = truth.map((invocation) => ({ ...invocation, CommandPlugins: [] }));
    expect(first.CommandInvocations).toEqual(asPrinted(bare.slice(0, 30)));
    expect(second).toEqual({ CommandInvocations: asPrinted(bare.slice(30)) });
  });

  test('--filters and --query print the same as with the service', async () => {
    const after = new Date((truth[120]?.RequestedDateTime ?? 0) * 1000).toISOString();
    const filters = ['--filters', 'key=Status,value=Failed', `key=InvokedAfter,value=${after}`];
    const query = 'CommandInvocations[].[CommandId, InstanceId, StatusDetails]';
    const [listed, commands] = await Promise.all([
      aws('list-command-invocations', ...filters, '--page-size', '7', '--query', query),
      aws('list-commands', ...filters, '--query', 'Commands[].{id: CommandId, failed: ErrorCount}'),
    ]);
    const expected = truth
      .slice(0, 121)
      .filter(({ Status }) => Status === 'Failed')
      .map(({ CommandId, InstanceId, StatusDetails }) => [CommandId, InstanceId, StatusDetails]);
    expect(expected.length).toBeGreaterThan(7);
    expect(JSON.parse(listed.out)).toEqual(expected);
    const shown = await readPages(trial.fleet.simulator, {
      ...{ name: 'failed commands', operation: 'ListCommands' },
      body: { Filters: [filter('Status', 'Failed'), filter('InvokedAfter', after)] },
    });
    expect(shown.flat().length).toBeGreaterThan(0);
    expect(JSON.parse(commands.out)).toEqual(
      shown.flat().map(({ CommandId, ErrorCount }) => ({ id: CommandId, failed: ErrorCount })),
    );
  });

  test('get-command-invocation prints an invocation, and wait command-executed succeeds or fails as the invocation did', async () => {
    const steps = (status: string) =>
      truth.find(({ Status, CommandPlugins }) => Status === status && CommandPlugins?.length === 1);
    const [succeeded, failed] = [steps('Success'), steps('Failed')];
    const key = (invocation = succeeded) => [
      ...['--command-id', invocation?.CommandId ?? '', '--instance-id', invocation?.InstanceId ?? ''],
    ];
    const [got, waited, broken] = await Promise.all([
      aws('get-command-invocation', ...key()),
      aws('wait', 'command-executed', ...key()),
      aws('wait', 'command-executed', ...key(failed)),
    ]);
    expect(JSON.parse(got.out)).toMatchObject({
      CommandId: succeeded?.CommandId,
      InstanceId: succeeded?.InstanceId,
      Status: 'Success',
      ResponseCode: 0,
      PluginName: succeeded?.CommandPlugins?.[0]?.Name,
    });
    expect(waited).toEqual({ code: 0, out: '', err: '' });
    expect(broken.code).toBe(255);
    expect(broken.err).toContain('Waiter CommandExecuted failed: Waiter encountered a terminal failure state');
  });

  test('an error is printed with the code and the message of the service, or of the archive', async () => {
    const wrong = { ...trial.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const refused = await Promise.all([
      aws('list-commands', '--no-paginate', '--max-results', '51'),
      aws('list-command-invocations', '--filters', 'key=ExecutionStage,value=Complete'),
      aws('describe-instance-information'),
      awsWith(wrong, 'list-commands'),
    ]);
    expect(refused.map(({ code }) => code)).toEqual([254, 254, 254, 254]);
    const said = [
      "An error occurred (ValidationException) when calling the ListCommands operation: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
      'An error occurred (InvalidFilterKey) when calling the ListCommandInvocations operation',
      'An error occurred (UnknownOperationException) when calling the DescribeInstanceInformation operation: This archive serves ',
      'An error occurred (InvalidSignatureException) when calling the ListCommands operation: The request signature we calculated does not match',
    ];
    expect(refused.map(({ err }) => err)).toEqual(said.map((text) => expect.stringContaining(text)));
  });

  test.skipIf(isWithoutBoto)(`every reply to the CLI fits botocore’s model ${NEEDS_BOTO}`, async () => {
    const { exchanges } = trial.recorder;
    expect(exchanges.length).toBeGreaterThan(20);
    const modelled = exchanges.map(({ operation, status, text }) => ({ operation, status, text }));
    expect(await faultsOfReplies(modelled)).toEqual([]);
  });
});
