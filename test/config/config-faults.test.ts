import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../src/config/config-invalid.ts';
import { createNoteKey } from '../../src/ledger/notes/note-key.ts';

import { type Env, faultsOf, KEYS, read } from './config-trial.ts';

describe('the faults of the configuration', () => {
  it('include witnesses without an address or cosigning key, and two witnesses with the same name, each fault with its place', () => {
    const [key = ''] = KEYS;
    // The id is computed again, so that only the name is wrong.
    const named = (name: string) => {
      const base64 = key.split('+').slice(2).join('+');
      const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from(base64, 'base64')]);
      return `${name}+${hash('sha256', bytes, 'hex').slice(0, 8)}+${base64}`;
    };
    expect(named('witness.example/w1')).toBe(key);
    const signer = createNoteKey('witness.example/w1', (size) => Buffer.alloc(size, 1)).verifierKey;
    expect(faultsOf({ SSM_ARCHIVE_WITNESSES: `ftp://a ${key} https://a` })).toEqual([
      'SSM_ARCHIVE_WITNESSES[0].url: must be the address of a witness, such as https://witness.example.com/w1',
      'SSM_ARCHIVE_WITNESSES[1].key: is needed: the verifier key of the witness',
    ]);
    const mustBe =
      'must be the verifier key of a witness for Ed25519 cosignatures, <name>+<id>+<base64>, whose base64 begins with B';
    for (const other of [signer, key.replace('+', '+0'), key.replace('w1', 'w2'), `${key}A`, 'w1', named('w\u0001')])
      expect(faultsOf({ SSM_ARCHIVE_WITNESSES: `https://a ${other}` })).toEqual([
        `SSM_ARCHIVE_WITNESSES[0].key: ${mustBe}`,
      ]);
    expect(
      faultsOf({}, `witnesses: [{url: 'https://a', key: ${key}}, {url: 'https://b', key: ${KEYS[1]}, name: b}]`),
    ).toEqual(['witnesses[1].name: is not a setting; see docs/configuration.md']);
    expect(faultsOf({}, `witnesses: [{url: 'https://a', key: ${key}}, {url: 'https://b', key: ${key}}]`)).toEqual([
      'witnesses[1].key: is the key of witness.example/w1, which an earlier witness already has',
    ]);
  });

  it('include settings for a bucket that is not configured, and a lock mode without a number of days', () => {
    const yaml = 'checkpointLockDays: 30\ncheckpointBucketRegion: eu-west-1\n';
    expect(faultsOf({}, yaml)).toEqual([
      'checkpointBucketRegion: has no effect without checkpointBucket: set checkpointBucket too',
      'checkpointLockDays: has no effect without checkpointBucket: set checkpointBucket too',
    ]);
    const env = { SSM_ARCHIVE_CHECKPOINT_BUCKET: 's3://kept', SSM_ARCHIVE_CHECKPOINT_LOCK_MODE: 'COMPLIANCE' };
    expect(faultsOf(env)).toEqual([
      'SSM_ARCHIVE_CHECKPOINT_LOCK_MODE: has no effect without checkpointLockDays: set checkpointLockDays too',
    ]);
  });

  it('are all reported at once, with the names that the author of the settings used', () => {
    const faults = faultsOf(
      {
        SSM_ARCHIVE_PORT: '70000',
        SSM_ARCHIVE_LOG_LEVEL: 'loud',
        SSM_ARCHIVE_SETTLING_MS: '-1',
        SSM_ARCHIVE_OVERLAP_MS: '1.5',
        SSM_ARCHIVE_SLICES_AT_ONCE: '0',
        SSM_ARCHIVE_SCHEDULE: 'sometimes',
        SSM_ARCHIVE_REGIONS: 'eu-west-1,Mars',
      },
      'prot: 1\nregions: [eu]\nsources:\n  - {accountId: 12, roleArn: role}\n',
    );
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'SSM_ARCHIVE_LOG_LEVEL',
      'SSM_ARCHIVE_OVERLAP_MS',
      'SSM_ARCHIVE_PORT',
      'SSM_ARCHIVE_REGIONS',
      'SSM_ARCHIVE_SCHEDULE',
      'SSM_ARCHIVE_SETTLING_MS',
      'SSM_ARCHIVE_SLICES_AT_ONCE',
      'prot',
      'regions[0]',
      'sources[0].accountId',
      'sources[0].alias',
      'sources[0].roleArn',
    ]);
  });

  it.each([
    ['SSM_ARCHIVE_PORT', '65536', 'must be a whole number from 0 to 65535, not "65536"'],
    ['SSM_ARCHIVE_PORT', '80.5', 'must be a whole number from 0 to 65535, not "80.5"'],
    ['SSM_ARCHIVE_PORT', '0x50', 'must be a whole number from 0 to 65535, not "0x50"'],
    ['SSM_ARCHIVE_PORT', ' ', 'must be a whole number from 0 to 65535, not " "'],
    ['SSM_ARCHIVE_CHECKPOINT_BUCKET', 'kept', 'must be s3://bucket or s3://bucket/prefix, not "kept"'],
    ['SSM_ARCHIVE_CHECKPOINT_BUCKET', 's3://Kept/a', 'must be s3://bucket or s3://bucket/prefix, not "s3://Kept/a"'],
    ['SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION', 'here', 'must be the name of an AWS region, such as eu-west-1'],
    ['SSM_ARCHIVE_CHECKPOINT_LOCK_DAYS', '0', 'must be a whole number from 1 to 36500, not "0"'],
    [
      'SSM_ARCHIVE_CHECKPOINT_LOCK_MODE',
      'compliance',
      'must be COMPLIANCE or GOVERNANCE, not "compliance". Did you mean "COMPLIANCE"?',
    ],
    ['SSM_ARCHIVE_SETTLING_MS', '15m', 'must be a whole number from 0 to 86400000, not "15m"'],
    ['SSM_ARCHIVE_OVERLAP_MS', '604800001', 'must be a whole number from 0 to 604800000, not "604800001"'],
    ['SSM_ARCHIVE_SLICES_AT_ONCE', '33', 'must be a whole number from 1 to 32, not "33"'],
    [
      'SSM_ARCHIVE_LOG_LEVEL',
      'INFO',
      'must be trace, debug, info, warn, error, fatal or silent, not "INFO". Did you mean "info"?',
    ],
    ['SSM_ARCHIVE_TRUST_PROXY', 'yes', 'must be true or false, not "yes"'],
    ['SSM_ARCHIVE_REGIONS', 'eu-west', '"eu-west" is not the name of an AWS region, such as eu-west-1'],
    [
      'SSM_ARCHIVE_SCHEDULE',
      '61 * * * *',
      '"61 * * * *" is not a cron expression of five or six fields, such as "*/5 * * * *"',
    ],
  ])('include %s=%s, which %s', (variable, text, problem) => {
    expect(faultsOf({ [variable]: text })).toEqual([`${variable}: ${problem}`]);
  });

  it.each([
    ['tokenFile: ""', 'tokenFile: must be the path of the file with the secret of the first token'],
    ['port: many', 'port: must be a whole number from 0 to 65535, not "many"'],
    ['logLevel: loud', 'logLevel: must be trace, debug, info, warn, error, fatal or silent, not "loud"'],
    ['schedule: daily', 'schedule: "daily" is not a cron expression of five or six fields, such as "*/5 * * * *"'],
    ['prot: 1', 'prot: is not a setting. Did you mean "port"?'],
    ['sources: []', 'sources: must have at least one source'],
    ['sources: [{alias: a, role: b}]', 'sources[0].role: is not a setting. Did you mean "roleArn"?'],
    ['sources: [{regions: [eu-west-1]}]', 'sources[0].alias: is needed: a name for the source'],
    ['sources: [{alias: ""}]', 'sources[0].alias: must not be empty'],
    ['sources: [{alias: a, accountId: "12345678901"}]', 'sources[0].accountId: must be 12 digits'],
    [
      'sources: [{alias: a, roleArn: arn:aws:iam::1:role/x}]',
      'sources[0].roleArn: must be the ARN of a role, such as arn:aws:iam::111122223333:role/ssm-archive',
    ],
    ['sources: [{alias: a, externalId: x}]', 'sources[0].externalId: must have 2 to 1,224 characters'],
    [
      'sources: [{alias: a, sessionName: "two words"}]',
      'sources[0].sessionName: must have 2 to 64 letters, digits or any of _+=,.@-',
    ],
    ['sources: [{alias: a, regions: []}]', 'sources[0].regions: must name at least one region'],
    [
      'sources: [{alias: a, regions: [x]}]',
      'sources[0].regions[0]: must be the name of an AWS region, such as eu-west-1',
    ],
    [
      'sources: [{alias: a}, {alias: a}]',
      'sources[1].alias: "a" is already the alias of an earlier source; each source needs its own alias',
    ],
  ])('are reported for archive.yaml with %s', (yaml, fault) => {
    expect(faultsOf({}, `${yaml}\n`)).toEqual([fault]);
  });

  it.each([
    [
      '[{alias: a, accountId: 111122223333, regions: [eu-west-1, us-east-1]}, {alias: b, roleArn: arn:aws:iam::111122223333:role/x, regions: [us-east-1, us-west-2]}]',
      { alias: 'b', region: 'us-east-1' },
      [
        { alias: 'a', regions: ['eu-west-1', 'us-east-1'] },
        { alias: 'b', regions: ['us-west-2'] },
      ],
    ],
    [
      '[{alias: a, accountId: 111122223333}, {alias: c, accountId: 111122223333, regions: [eu-west-1]}, {alias: b, accountId: 111122223333}]',
      { alias: 'b', region: undefined },
      [
        { alias: 'a', regions: [] },
        { alias: 'c', regions: ['eu-west-1'] },
      ],
    ],
  ])(
    'do not include two sources with the same account and region; only the second source is refused for it: %s',
    (yaml, refused, sources) => {
      const { config } = read({}, `sources: ${yaml}\n`);
      expect(config.refused).toEqual([
        { ...refused, sentence: expect.stringMatching(/"b" is the same as "a": both are account 111122223333 in/) },
      ]);
      expect(config.sources).toMatchObject(sources);
    },
  );

  it('include two settings that name the same file, because tokens could then get into an archive', () => {
    const shared = (env: Env, yaml?: string) => faultsOf(env, yaml).map((fault) => fault.replace(/\/\S+\//, '…/'));
    expect(shared({ SSM_ARCHIVE_AUTH_DB: 'data/archive.db' })).toEqual([
      'SSM_ARCHIVE_AUTH_DB: must be a separate file, but …/archive.db is also the file of db',
    ]);
    expect(shared({ SSM_ARCHIVE_DB: 'x/auth.db' }, 'accessDb: x/y/../auth.db\nauthDb: other.db')).toEqual([
      'accessDb: must be a separate file, but …/auth.db is also the file of db',
    ]);
    expect(shared({ SSM_ARCHIVE_TOKEN_FILE: 'data/archive-auth.db' })).toEqual([
      'SSM_ARCHIVE_TOKEN_FILE: must be a separate file, but …/archive-auth.db is also the file of authDb',
    ]);
    expect(shared({ SSM_ARCHIVE_DB: 'x/a.db', SSM_ARCHIVE_ACCESS_DB: 'x/a-auth.db' })).toEqual([
      'SSM_ARCHIVE_ACCESS_DB: must be a separate file, but …/a-auth.db is also the file of authDb',
    ]);
  });

  it('include wrong combinations of settings even if another setting has a wrong form', () => {
    const faults = faultsOf({}, 'port: x\nschedule: daily\nsources:\n  - {alias: a}\n  - {alias: a}\n');
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['port', 'schedule', 'sources[1].alias']);
  });

  it('include a settings file that was named and is missing; the default file may be missing', () => {
    expect(faultsOf({ SSM_ARCHIVE_CONFIG: '/nowhere/archive.yaml' })).toEqual([
      'SSM_ARCHIVE_CONFIG: there is no file /nowhere/archive.yaml',
    ]);
  });

  it('include a settings file that is not YAML, or not a mapping', () => {
    expect(faultsOf({}, 'port: [1\n')).toEqual([expect.stringMatching(/archive\.yaml: /)]);
    expect(faultsOf({}, '- 1\n')).toEqual([expect.stringMatching(/^archive\.yaml: /)]);
  });

  it('make one message with a line for each fault, and exit code 2', () => {
    const error = new ConfigInvalid([
      { key: 'port', problem: 'is wrong' },
      { key: 'host', problem: 'is wrong too' },
    ]);
    expect(error.message).toBe('The configuration has faults:\n  port: is wrong\n  host: is wrong too');
    expect(error.exitCode).toBe(2);
  });
});
