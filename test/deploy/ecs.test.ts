import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { isWithoutBoto, NEEDS_BOTO } from '../http/aws/clients/boto.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join('deploy/ecs', name), 'utf8'));
const taskForm = z.looseObject({
  requiresCompatibilities: z.array(z.string()),
  volumes: z.array(z.unknown()),
  containerDefinitions: z.tuple([
    z.looseObject({
      command: z.array(z.string()),
      environment: z.array(z.object({ name: z.string(), value: z.string() })),
      secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })),
      mountPoints: z.array(z.unknown()),
      stopTimeout: z.number(),
      memory: z.number(),
    }),
  ]),
});
const task = taskForm.parse(read('task-definition.json'));
const [container] = task.containerDefinitions;

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-ecs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The faults that the SDK's own model of ECS finds in the parameters of an operation. */
function faultsOf(operation: string, parameters: unknown): string {
  const path = join(scratch(), 'parameters.json');
  writeFileSync(path, JSON.stringify(parameters));
  const args = ['test/deploy/validate-ecs.py', operation, path];
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

describe.skipIf(isWithoutBoto)(`the files for ECS, checked against the SDK's model ${NEEDS_BOTO}`, () => {
  it('define a task that can be registered, and a service that can be made from it', () => {
    // These members are newer than Debian's model.
    const { availabilityZoneRebalancing, ...service } = z.looseObject({}).parse(read('service.json'));
    expect(availabilityZoneRebalancing).toBe('DISABLED');
    expect(faultsOf('RegisterTaskDefinition', task)).toBe('');
    expect(faultsOf('CreateService', service)).toBe('');
  });

  it('are refused with a name or a value that ECS does not know', () => {
    expect(faultsOf('RegisterTaskDefinition', { ...task, networkmode: 'awsvpc' })).toContain('networkmode');
    expect(faultsOf('RegisterTaskDefinition', { ...task, networkMode: 'vpc' })).toContain("'vpc', which is none of");
  });
});

it('the task for ECS never runs twice at the same time, and runs on an instance that has the archive on its own disk', () => {
  expect(read('service.json')).toMatchObject({
    ...{
      launchType: 'EC2',
      desiredCount: 1,
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    },
    placementConstraints: [{ type: 'memberOf' }],
  });
  expect(task.requiresCompatibilities).toEqual(['EC2']);
  expect(task.volumes).toEqual([{ name: 'data', host: { sourcePath: '/mnt/ssm-archive' } }]);
  expect(container.mountPoints).toEqual([
    { sourceVolume: 'data', containerPath: '/var/lib/ssm-archive', readOnly: false },
  ]);
});

it('the task for ECS has enough time to stop by itself, has no privilege, and can write only to its volume and memory', () => {
  expect(container.stopTimeout).toBeGreaterThan(95);
  expect(container).toMatchObject({
    ...{ user: '10001:10001', readonlyRootFilesystem: true },
    linuxParameters: { initProcessEnabled: false, capabilities: { drop: ['ALL'] }, tmpfs: [{ containerPath: '/tmp' }] },
  });
  expect(container).not.toHaveProperty('privileged');
});

it('the task for ECS passes the first token on in a file that only its user may read, and not in the environment', () => {
  const folder = scratch();
  const program = '#!/bin/sh\necho "$1"; cat "$SSM_ARCHIVE_TOKEN_FILE"; echo; env';
  writeFileSync(join(folder, 'ssm-archive'), program, { mode: 0o755 });
  const env = Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));
  expect(env.SSM_ARCHIVE_TOKEN_FILE).toMatch(/^\/tmp\//);
  expect(container.secrets.map(({ name }) => name)).toEqual(['FIRST_TOKEN']);
  const file = join(folder, 'first-token');
  const [shell = '', ...args] = container.command;
  const secret = `ssm_${'a'.repeat(43)}`;
  const { stdout, stderr } = spawnSync(shell, args, {
    env: { ...env, PATH: `${folder}:/usr/bin:/bin`, SSM_ARCHIVE_TOKEN_FILE: file, FIRST_TOKEN: secret },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const [command, written, ...environment] = stdout.trim().split('\n');
  expect([command, written]).toEqual(['serve', secret]);
  expect(environment).toContain('AWS_REGION=eu-west-1');
  expect(environment.join('\n')).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('the task for ECS has the entry point, the health check, the user and the volume of the image', () => {
  const dockerfile = readFileSync('deploy/container/Dockerfile', 'utf8');
  const [, entryPoint = ''] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
  expect([...z.array(z.string()).parse(container.entryPoint), 'ssm-archive']).toEqual(JSON.parse(entryPoint));
  const { command } = z.object({ command: z.array(z.string()) }).parse(container.healthCheck);
  expect(dockerfile).toContain(command.at(-1));
  expect(dockerfile).toContain(`USER ${container.user}`);
  expect(dockerfile).toContain('SSM_ARCHIVE_DB=/var/lib/ssm-archive/archive.db');
});

it('the role of the task for ECS has the rights of docs/getting-started.md, and its agent may read one secret', () => {
  const [, policy = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/getting-started.md', 'utf8')) ?? [];
  expect(read('task-role-policy.json')).toEqual(JSON.parse(policy));
  const arn = z.tuple([z.object({ Action: z.literal('secretsmanager:GetSecretValue'), Resource: z.string() })]);
  const { Statement } = z.looseObject({ Statement: arn }).parse(read('execution-role-policy.json'));
  const [secret] = container.secrets;
  expect(secret?.valueFrom.startsWith(Statement[0].Resource.replace(/\*$/, ''))).toBe(true);
});
