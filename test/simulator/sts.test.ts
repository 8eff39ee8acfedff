import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, idOf, listPages, NOW, ssmClient, stsClient } from './clients.ts';

let simulator: Simulator;
beforeAll(async () => {
  const externalIds = { '777788889999': 'open-sesame' };
  simulator = await startSimulator({ seed: 1, invocations: 500, now: NOW, clockRate: 0, externalIds });
});
afterAll(() => simulator.close());

test.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('GetCallerIdentity in %s returns an ARN of %s', async (region, partition) => {
  const identity = await stsClient(simulator, '444455556666', region).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('444455556666');
  expect(identity.Arn).toBe(`arn:${partition}:iam::444455556666:user/operator`);
});

test('a key without an account belongs to the first account of the fleet', async () => {
  const identity = await stsClient(simulator, 'AKIAIOSFODNN7EXAMPLE').send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe(ACCOUNT);
});

test('AssumeRole returns keys of the role’s account, which read its history', async () => {
  const { Credentials, AssumedRoleUser } = await stsClient(simulator).send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::444455556666:role/path/Archive', RoleSessionName: 'nightly' }),
  );
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::444455556666:assumed-role/Archive/nightly');
  expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  const key = Credentials?.AccessKeyId ?? '';
  expect(key).toMatch(/^ASIA[0-9A-Z]{16}$/);
  const identity = await stsClient(simulator, key).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
  const items = (await listPages(ssmClient(simulator, key, 'us-east-1'))).flat();
  expect(items.map(idOf)).toEqual([...simulator.truth('444455556666', 'us-east-1')].map(idOf));
});

test('a role that requires an external id refuses a missing or wrong external id', async () => {
  const role = { RoleArn: 'arn:aws:iam::777788889999:role/Archive', RoleSessionName: 'nightly' };
  for (const ExternalId of [undefined, 'wrong']) {
    const attempt = stsClient(simulator).send(new AssumeRoleCommand({ ...role, ExternalId }));
    await expect(attempt).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('sts:AssumeRole'),
    });
  }
  const { Credentials } = await stsClient(simulator).send(
    new AssumeRoleCommand({ ...role, ExternalId: 'open-sesame' }),
  );
  expect(Credentials?.AccessKeyId).toContain('777788889999');
});

test('an unsigned request and an unknown action are refused with an error in the form of STS', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(simulator.url, { method: 'POST', headers, body: new URLSearchParams({ Action: 'GetNothing' }) });
  expect(await (await send({})).text()).toContain('<Code>MissingAuthenticationToken</Code>');
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260315/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=00`;
  const signed = await send({ authorization, 'x-amz-date': '20260315T120000Z' });
  expect(await signed.text()).toContain('<Code>InvalidAction</Code>');
});
