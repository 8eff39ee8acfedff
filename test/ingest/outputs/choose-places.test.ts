import { describe, expect, it } from 'vitest';
import type { CutStep } from '../../../src/archive/outputs/cut-step.ts';
import { choosePlaces, storedStreams } from '../../../src/ingest/outputs/choose-places.ts';

const CONFIG = {
  from: ['get', 'logs', 's3'],
  ...{ buckets: ['acme-output', 'a*'], logGroups: ['/aws/ssm/*'], callsAPass: 1, maxBytes: 1 },
} as const;

const FOLDER = 'c-1/i-1/awsrunShellScript/0.awsrunShellScript';

function step(more: Partial<CutStep> = {}): CutStep {
  return {
    ...{ invocationId: 1, position: 0, name: 'aws:runShellScript', namesakes: 1, commandId: 'c-1', instanceId: 'i-1' },
    ...{ requestedAt: '2026-03-01T00:00:00.000Z', documentName: 'Doc', status: 'Failed', statusDetails: 'Failed' },
    bucket: 'acme-output',
    standardOutputUrl: `https://s3.eu-west-1.amazonaws.com/acme-output/pre%20fix/${FOLDER}/stdout`,
    standardErrorUrl: `https://acme-output.s3.amazonaws.com/pre%20fix/${FOLDER}/stderr`,
    ...{ logGroup: null, isLogging: 1, ...more },
  };
}

const names = (of: CutStep, provenance: 's3' | 'logs') =>
  storedStreams(of, provenance, CONFIG).map(({ store, name }) => `${store} ${name}`);

describe('the places of a step’s output', () => {
  it('are the objects under its command and node, and the log streams of the group, also of the default one', () => {
    expect(names(step(), 's3')).toEqual([
      `acme-output pre fix/${FOLDER}/stdout`,
      `acme-output pre fix/${FOLDER}/stderr`,
    ]);
    expect(names(step(), 'logs')).toEqual([
      '/aws/ssm/Doc c-1/i-1/aws-runShellScript/stdout',
      '/aws/ssm/Doc c-1/i-1/aws-runShellScript/stderr',
    ]);
  });

  it.each([
    ['is not allowed', { bucket: 'other' }],
    ['is an ARN', { bucket: 'arn:aws:s3:us-west-2:111122223333:accesspoint/a' }],
    ['is not that of the address', { bucket: 'acme-other' }],
    ['is left by the address', { standardOutputUrl: `https://s3/acme-output/../secret/${FOLDER}/stdout` }],
    ['is left by what the address hides', { standardOutputUrl: `https://s3/acme-output/..%2F..%2F${FOLDER}/stdout` }],
    ['is left within the bucket', { standardOutputUrl: `https://s3/acme-output/a/%2e%2E/${FOLDER}/stdout` }],
    ['has an address with a line end', { standardOutputUrl: `https://s3/acme-output/a\n/${FOLDER}/stdout` }],
    ['has an address with a backslash', { standardOutputUrl: `https://s3/acme-output/a\\b/${FOLDER}/stdout` }],
    ['can’t have a key so long', { standardOutputUrl: `https://s3/acme-output/${'é'.repeat(500)}/${FOLDER}/stdout` }],
    ['is in capitals', { bucket: 'ACME-output', standardOutputUrl: `https://s3/ACME-output/${FOLDER}/stdout` }],
    ['has the object of another command', { standardOutputUrl: 'https://s3/acme-output/c-2/i-1/x/stdout' }],
    ['has an address that is none', { standardOutputUrl: 'acme-output' }],
  ])('have no object if the bucket %s', (_, hostile) => {
    expect(names(step({ standardErrorUrl: null, ...hostile }), 's3')).toEqual([]);
  });

  it('have no log stream if the group is not allowed, or if the command does not log', () => {
    expect(names(step({ logGroup: '/secret/group' }), 'logs')).toEqual([]);
    expect(names(step({ isLogging: 0 }), 'logs')).toEqual([]);
    for (const logGroup of [
      '/aws/ssm/a:b',
      '/aws/ssm/a b',
      '/aws/ssm/*',
      '/aws/ssm/a\n',
      `/aws/ssm/${'a'.repeat(505)}`,
    ])
      expect(names(step({ logGroup }), 'logs'), logGroup).toEqual([]);
  });

  it('have the whole key of an address that names the bucket in its host, also if the key begins with that name', () => {
    const standardOutputUrl = `https://acme-output.s3.amazonaws.com/acme-output/${FOLDER}/stdout`;
    expect(names(step({ standardOutputUrl, standardErrorUrl: null }), 's3')).toEqual([
      `acme-output acme-output/${FOLDER}/stdout`,
    ]);
  });

  it('leave out GetCommandInvocation and log streams, which can’t tell a step from its namesake, and all that is not selected', () => {
    const places = (of: CutStep, selected: object = {}) => choosePlaces(of, '111122223333', { ...CONFIG, ...selected });
    expect(places(step())).toEqual(['get', 'logs', 's3']);
    expect(places(step({ namesakes: 2 }))).toEqual(['s3']);
    expect(places(step(), { accounts: ['999999999999'] })).toEqual([]);
    expect(places(step(), { documents: ['Do*'], statuses: ['Failed'] })).toEqual(['get', 'logs', 's3']);
    expect(places(step(), { documents: ['Other'] })).toEqual([]);
    expect(places(step({ documentName: null }), { documents: ['D*'] })).toEqual([]);
    expect(places(step(), { statuses: ['Success'] })).toEqual([]);
  });
});
