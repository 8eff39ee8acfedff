import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { tempFolder } from '../db/temp-archive.ts';

import { type Env, faultsOf, KEYS, read } from './config-trial.ts';

describe('the configuration', () => {
  it('has a default for every setting, without a file and without variables', () => {
    const { config, warnings, fileMode, former, cwd } = read({});
    expect(fileMode).toBe(0o600);
    expect(former).toEqual({
      authDb: join(cwd, 'data', 'auth.db'),
      accessDb: join(cwd, 'data', 'access.db'),
      ledgerKey: join(cwd, 'data', 'ledger.key'),
      reportsFile: join(cwd, 'data', 'reports.yaml'),
    });
    expect(config).toEqual({
      db: join(cwd, 'data', 'archive.db'),
      authDb: join(cwd, 'data', 'archive-auth.db'),
      accessDb: join(cwd, 'data', 'archive-access.db'),
      ...{ accessLogDays: 400, accessLogBytes: 4_294_967_296 },
      ledgerKey: join(cwd, 'data', 'archive-ledger.key'),
      reportsFile: join(cwd, 'data', 'archive-reports.yaml'),
      reports: [],
      deliveries: [],
      refused: [],
      sources: [{ alias: 'default', regions: [] }],
      schedule: '*/5 * * * *',
      verifySchedule: '0 3 * * *',
      host: '127.0.0.1',
      port: 8420,
      trustProxy: false,
      logLevel: 'info',
      settlingMs: 900_000,
      spreadMs: 172_800_000,
      overlapMs: 900_000,
      slicesAtOnce: 4,
      lateLooks: 20,
      readDeadlineMs: 30_000,
      exportDeadlineMs: 3_600_000,
      readers: 3,
      ...{ sqlReaders: 6, sqlDeadlineMs: 30_000, sqlMemoryBytes: 536_870_912, sqlRows: 100_000, sqlBytes: 16_777_216 },
      corsOrigins: [],
      publicHosts: [],
    });
    expect(warnings).toEqual([]);
  });

  it('reads each setting from its variable', () => {
    const { config, warnings, fileMode, former, cwd } = read({
      SSM_ARCHIVE_FILE_MODE: '0640',
      SSM_ARCHIVE_DB: 'elsewhere/a.db',
      SSM_ARCHIVE_AUTH_DB: '/secrets/tokens.db',
      SSM_ARCHIVE_TOKEN_FILE: 'secrets/first.token',
      SSM_ARCHIVE_ACCESS_DB: 'log/access.db',
      SSM_ARCHIVE_ACCESS_LOG_DAYS: '3650',
      SSM_ARCHIVE_ACCESS_LOG_BYTES: '16777216',
      SSM_ARCHIVE_REPORTS_FILE: 'saved.yaml',
      SSM_ARCHIVE_LEDGER_KEY: '/secrets/ledger.key',
      SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'kept',
      SSM_ARCHIVE_WITNESSES: ` https://witness.example/w1/ ${KEYS[0]}\n  http://127.0.0.1:9000 ${KEYS[1]} `,
      SSM_ARCHIVE_CHECKPOINT_BUCKET: 's3://kept-elsewhere/audit/ssm',
      SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION: 'eu-central-1',
      SSM_ARCHIVE_CHECKPOINT_LOCK_DAYS: '3650',
      SSM_ARCHIVE_CHECKPOINT_LOCK_MODE: 'GOVERNANCE',
      SSM_ARCHIVE_NUMBER: '8191',
      SSM_ARCHIVE_LAKE: 's3://acme-lake/ssm',
      SSM_ARCHIVE_LAKE_CACHE_BYTES: '1048576',
      SSM_ARCHIVE_SEAL_AFTER_DAYS: '40',
      SSM_ARCHIVE_SEAL_SCHEDULE: '0 2 * * 0',
      SSM_ARCHIVE_REGIONS: 'eu-west-1, us-gov-west-1,cn-north-1,eu-west-1',
      SSM_ARCHIVE_SCHEDULE: '0 30 2 * * *',
      SSM_ARCHIVE_VERIFY_SCHEDULE: '0 4 * * 0',
      SSM_ARCHIVE_HOST: '::',
      SSM_ARCHIVE_PORT: '0',
      SSM_ARCHIVE_TRUST_PROXY: 'true',
      SSM_ARCHIVE_LOG_LEVEL: 'debug',
      SSM_ARCHIVE_SETTLING_MS: '1',
      SSM_ARCHIVE_SPREAD_MS: '3',
      SSM_ARCHIVE_OVERLAP_MS: '2',
      SSM_ARCHIVE_SLICES_AT_ONCE: '32',
      SSM_ARCHIVE_LATE_LOOKS: '7',
      SSM_ARCHIVE_READ_DEADLINE_MS: '100',
      SSM_ARCHIVE_EXPORT_DEADLINE_MS: '1000',
      SSM_ARCHIVE_READERS: '2',
      SSM_ARCHIVE_SQL_READERS: '4',
      SSM_ARCHIVE_SQL_DEADLINE_MS: '1000',
      SSM_ARCHIVE_SQL_MEMORY_BYTES: '300000000',
      SSM_ARCHIVE_SQL_ROWS: '10',
      SSM_ARCHIVE_SQL_BYTES: '2048',
      SSM_ARCHIVE_CORS_ORIGINS: 'https://audit.example.com, http://localhost:3000',
      SSM_ARCHIVE_PUBLIC_HOSTS: 'archive.example.com, archive.internal:8420',
    });
    expect(fileMode).toBe(0o640);
    // A file that a setting names is not looked for under a former name.
    expect(former).toEqual({});
    expect(config).toEqual({
      db: join(cwd, 'elsewhere', 'a.db'),
      authDb: '/secrets/tokens.db',
      tokenFile: join(cwd, 'secrets', 'first.token'),
      accessDb: join(cwd, 'log', 'access.db'),
      ...{ accessLogDays: 3650, accessLogBytes: 16_777_216 },
      ledgerKey: '/secrets/ledger.key',
      checkpointDirectory: join(cwd, 'kept'),
      witnesses: [
        { url: 'https://witness.example/w1', key: KEYS[0] },
        { url: 'http://127.0.0.1:9000', key: KEYS[1] },
      ],
      checkpointBucket: {
        bucket: 'kept-elsewhere',
        prefix: 'audit/ssm/',
        region: 'eu-central-1',
        lock: { days: 3650, mode: 'GOVERNANCE' },
      },
      archiveNumber: 8191,
      lake: {
        location: 's3://acme-lake/ssm',
        sealAfterMs: 40 * 86_400_000,
        cacheBytes: 1_048_576,
        schedule: '0 2 * * 0',
      },
      reportsFile: join(cwd, 'saved.yaml'),
      reports: [],
      deliveries: [],
      refused: [],
      sources: [{ alias: 'default', regions: ['eu-west-1', 'us-gov-west-1', 'cn-north-1'] }],
      schedule: '0 30 2 * * *',
      verifySchedule: '0 4 * * 0',
      host: '::',
      port: 0,
      trustProxy: true,
      logLevel: 'debug',
      settlingMs: 1,
      spreadMs: 3,
      overlapMs: 2,
      slicesAtOnce: 32,
      lateLooks: 7,
      readDeadlineMs: 100,
      exportDeadlineMs: 1000,
      readers: 2,
      ...{ sqlReaders: 4, sqlDeadlineMs: 1000, sqlMemoryBytes: 300_000_000, sqlRows: 10, sqlBytes: 2048 },
      corsOrigins: ['https://audit.example.com', 'http://localhost:3000'],
      publicHosts: ['archive.example.com', 'archive.internal:8420'],
    });
    expect(warnings).toEqual([]);
  });

  it('has a separate schedule for verification, which is off if the value is empty', () => {
    expect(read({}, 'verifySchedule: 0 4 * * 0').config.verifySchedule).toBe('0 4 * * 0');
    expect(read({}, "verifySchedule: ''").config).not.toHaveProperty('verifySchedule');
    const never = { SSM_ARCHIVE_VERIFY_SCHEDULE: '' };
    expect(read(never).config).not.toHaveProperty('verifySchedule');
    expect(read(never, 'verifySchedule: 0 4 * * 0').config).not.toHaveProperty('verifySchedule');
    expect(faultsOf({ SSM_ARCHIVE_VERIFY_SCHEDULE: 'nightly' })).toEqual([
      expect.stringMatching(/^SSM_ARCHIVE_VERIFY_SCHEDULE: "nightly" is not a cron expression/),
    ]);
  });

  it('has a lake in a folder or a bucket, refuses what is neither, and warns of what has no effect without it', () => {
    expect(read({}, 'lake: cold\nsealAfterDays: 7').config.lake).toEqual({
      location: expect.stringMatching(/[\\/]cold$/),
      sealAfterMs: 7 * 86_400_000,
      cacheBytes: 8_589_934_592,
      schedule: '30 1 * * *',
    });
    expect(read({ SSM_ARCHIVE_SEAL_SCHEDULE: '' }, 'lake: cold').config.lake).not.toHaveProperty('schedule');
    expect(faultsOf({ SSM_ARCHIVE_LAKE: 'https://lake.example' })).toEqual([
      'SSM_ARCHIVE_LAKE: must be the path of a folder, or s3://bucket/prefix, not "https://lake.example"',
    ]);
    expect(faultsOf({}, 'sealAfterDays: 6')).toEqual([
      'sealAfterDays: must be a whole number from 7 to 36500, not "6"',
    ]);
    const why = 'has no effect, because there is no lake: no day is sealed. Set lake too, if that is wanted.';
    expect(read({}, 'sealAfterDays: 60\nsealSchedule: 0 2 * * *').warnings).toEqual([
      `sealAfterDays ${why}`,
      `sealSchedule ${why}`,
    ]);
    expect(faultsOf({ SSM_ARCHIVE_LAKE: 'cold', SSM_ARCHIVE_SEAL_SCHEDULE: 'nightly' })).toEqual([
      expect.stringMatching(/^SSM_ARCHIVE_SEAL_SCHEDULE: "nightly" is not a cron expression/),
    ]);
  });

  it('accepts a list of origins in archive.yaml, and reports each wrong origin', () => {
    const origins = ['https://audit.example.com', 'http://localhost:3000'];
    expect(read({}, `corsOrigins: [${origins.join(', ')}]`).config.corsOrigins).toEqual(origins);
    expect(read({}, `corsOrigins: ${origins.join(',')}`).config.corsOrigins).toEqual(origins);
    expect(faultsOf({}, 'corsOrigins: [https://a.example.com/path, "*"]')).toEqual([
      'corsOrigins: must be a list of origins such as https://audit.example.com, not "https://a.example.com/path"',
      'corsOrigins: must be a list of origins such as https://audit.example.com, not "*"',
    ]);
  });

  it('accepts a list of public hosts in archive.yaml, and reports each wrong host', () => {
    const hosts = ['archive.example.com', '[::1]:8420', '10.0.0.7:80'];
    expect(read({}, `publicHosts: ${JSON.stringify(hosts)}`).config.publicHosts).toEqual(hosts);
    for (const wrong of ['https://archive.example.com', 'archive.example.com/path', '*', '*.example.com', 'a b', 'a:b'])
      expect(faultsOf({ SSM_ARCHIVE_PUBLIC_HOSTS: wrong })).toEqual([
        `SSM_ARCHIVE_PUBLIC_HOSTS: must be a list of names such as archive.example.com or archive.internal:8420, not "${wrong}"`,
      ]);
  });

  it('reads each setting from archive.yaml', () => {
    const { config, cwd } = read(
      {},
      `
db: elsewhere/from-file.db
tokenFile: first.token
accessDb: log.db
accessLogDays: 30
accessLogBytes: 1099511627776
ledgerKey: signing.key
checkpointDirectory: /kept
checkpointBucket: s3://kept-elsewhere
checkpointLockDays: 30
witnesses:
  - url: https://witness.example/w1
    key: ${KEYS[0]}
reportsFile: saved.yaml
trustProxy: true
verifySchedule: 15 4 * * *
schedule: "0 * * * *"
host: 0.0.0.0
port: 9000
logLevel: warn
settlingMs: 60000
spreadMs: 360000
overlapMs: 120000
slicesAtOnce: 2
lateLooks: 0
readDeadlineMs: 5000
exportDeadlineMs: 60000
readers: 4
sqlReaders: 8
sqlDeadlineMs: 2000
sqlMemoryBytes: 400000000
sqlRows: 20
sqlBytes: 4096
corsOrigins: https://audit.example.com
publicHosts: archive.example.com
regions: [ap-southeast-2]
sources:
  - alias: production
    accountId: 111122223333
    roleArn: arn:aws:iam::111122223333:role/path/ssm-archive
    externalId: secret-word
    sessionName: auditor@example.com
    regions: [eu-west-1, us-east-1, eu-west-1]
  - alias: china
    roleArn: arn:aws-cn:iam::444455556666:role/ssm-archive
`,
    );
    expect(config).toEqual({
      db: join(cwd, 'elsewhere', 'from-file.db'),
      authDb: join(cwd, 'elsewhere', 'from-file-auth.db'),
      tokenFile: join(cwd, 'first.token'),
      accessDb: join(cwd, 'log.db'),
      ...{ accessLogDays: 30, accessLogBytes: 1_099_511_627_776 },
      ledgerKey: join(cwd, 'signing.key'),
      checkpointDirectory: '/kept',
      checkpointBucket: { bucket: 'kept-elsewhere', prefix: '', lock: { days: 30, mode: 'COMPLIANCE' } },
      witnesses: [{ url: 'https://witness.example/w1', key: KEYS[0] }],
      reportsFile: join(cwd, 'saved.yaml'),
      reports: [],
      deliveries: [],
      verifySchedule: '15 4 * * *',
      schedule: '0 * * * *',
      host: '0.0.0.0',
      port: 9000,
      trustProxy: true,
      logLevel: 'warn',
      settlingMs: 60_000,
      spreadMs: 360_000,
      overlapMs: 120_000,
      slicesAtOnce: 2,
      lateLooks: 0,
      readDeadlineMs: 5000,
      exportDeadlineMs: 60_000,
      readers: 4,
      ...{ sqlReaders: 8, sqlDeadlineMs: 2000, sqlMemoryBytes: 400_000_000, sqlRows: 20, sqlBytes: 4096 },
      corsOrigins: ['https://audit.example.com'],
      publicHosts: ['archive.example.com'],
      refused: [],
      sources: [
        {
          alias: 'production',
          accountId: '111122223333',
          roleArn: 'arn:aws:iam::111122223333:role/path/ssm-archive',
          externalId: 'secret-word',
          sessionName: 'auditor@example.com',
          regions: ['eu-west-1', 'us-east-1'],
        },
        { alias: 'china', roleArn: 'arn:aws-cn:iam::444455556666:role/ssm-archive', regions: ['ap-southeast-2'] },
      ],
    });
  });

  it.each([
    ['db', 'SSM_ARCHIVE_DB', '/env.db', '/file.db', '/env.db'],
    ['schedule', 'SSM_ARCHIVE_SCHEDULE', '1 * * * *', '2 * * * *', '1 * * * *'],
    ['host', 'SSM_ARCHIVE_HOST', 'env.example', 'file.example', 'env.example'],
    ['authDb', 'SSM_ARCHIVE_AUTH_DB', '/env.db', '/file.db', '/env.db'],
    ['tokenFile', 'SSM_ARCHIVE_TOKEN_FILE', '/env.token', '/file.token', '/env.token'],
    ['accessDb', 'SSM_ARCHIVE_ACCESS_DB', '/env.db', '/file.db', '/env.db'],
    ['accessLogDays', 'SSM_ARCHIVE_ACCESS_LOG_DAYS', '1', '2', 1],
    ['accessLogBytes', 'SSM_ARCHIVE_ACCESS_LOG_BYTES', '16777216', '16777217', 16_777_216],
    ['reportsFile', 'SSM_ARCHIVE_REPORTS_FILE', '/env.yaml', '/file.yaml', '/env.yaml'],
    ['trustProxy', 'SSM_ARCHIVE_TRUST_PROXY', 'true', 'false', true],
    ['port', 'SSM_ARCHIVE_PORT', '1', '2', 1],
    ['logLevel', 'SSM_ARCHIVE_LOG_LEVEL', 'trace', 'fatal', 'trace'],
    ['settlingMs', 'SSM_ARCHIVE_SETTLING_MS', '1', '2', 1],
    ['spreadMs', 'SSM_ARCHIVE_SPREAD_MS', '1', '2', 1],
    ['overlapMs', 'SSM_ARCHIVE_OVERLAP_MS', '1', '2', 1],
    ['slicesAtOnce', 'SSM_ARCHIVE_SLICES_AT_ONCE', '1', '2', 1],
    ['lateLooks', 'SSM_ARCHIVE_LATE_LOOKS', '1', '2', 1],
    ['callDeadlineMs', 'SSM_ARCHIVE_CALL_DEADLINE_MS', '100', '200', 100],
  ] as const)('instead of %s in the file, uses the variable %s', (key, variable, fromEnv, fromFile, expected) => {
    const yaml = `${key}: "${fromFile}"\n`;
    expect(read({ [variable]: fromEnv }, yaml).config[key]).toBe(expected);
    expect(String(read({}, yaml).config[key])).toBe(fromFile);
    expect(String(read({ [variable]: '' }, yaml).config[key])).toBe(fromFile);
  });

  it('reads the mode of files as an octal number, from the environment and archive.yaml, and refuses modes that let others read', () => {
    for (const [text, mode] of [
      ['0600', 0o600],
      ['600', 0o600],
      ['0640', 0o640],
      ['640', 0o640],
    ] as const) {
      expect(read({ SSM_ARCHIVE_FILE_MODE: text }).fileMode).toBe(mode);
      expect(read({}, `fileMode: ${text}\n`).fileMode).toBe(mode);
    }
    expect(read({ SSM_ARCHIVE_FILE_MODE: '' }, 'fileMode: 0640\n').fileMode).toBe(0o640);
    for (const text of ['0644', '0660', '0400', '0o640', 'rw-r-----', '416', '06400'])
      expect(faultsOf({ SSM_ARCHIVE_FILE_MODE: text })).toEqual([
        `SSM_ARCHIVE_FILE_MODE: must be 0600 (only the owner may read) or 0640 (its group may read too), not "${text}"`,
      ]);
  });

  it('looks for no former name of a file if a setting names the file, or if another setting’s file has that name', () => {
    const former = (env: Env) => Object.keys(read(env).former);
    expect(former({ SSM_ARCHIVE_LEDGER_KEY: 'data/ledger.key' })).toEqual(['authDb', 'accessDb', 'reportsFile']);
    expect(former({ SSM_ARCHIVE_DB: 'x/auth.db' })).toEqual(['accessDb', 'ledgerKey', 'reportsFile']);
    expect(former({ SSM_ARCHIVE_TOKEN_FILE: 'data/ledger.key' })).not.toContain('ledgerKey');
  });

  it('has no fault in the example file', () => {
    const { config } = read({}, readFileSync('archive.example.yaml', 'utf8'));
    expect(config.sources.map(({ alias, regions }) => [alias, regions])).toEqual([
      ['production', ['eu-west-1', 'us-east-1']],
      ['this-account', ['eu-west-1']],
    ]);
    expect(config.reports.map(({ name }) => name)).toEqual(['disk-full']);
    expect(config.deliveries.map(({ report, format }) => [report, format])).toEqual([
      ['disk-full', 'ndjson'],
      ['what-ran', 'csv'],
    ]);
  });

  it('accepts a bucket for checkpoints without other settings: the bucket decides on locks, and the SDK on the region', () => {
    const of = (address: string) => read({ SSM_ARCHIVE_CHECKPOINT_BUCKET: address }).config.checkpointBucket;
    expect(of('s3://kept.elsewhere/')).toEqual({ bucket: 'kept.elsewhere', prefix: '' });
    expect(of('s3://kept/a/b/')).toEqual({ bucket: 'kept', prefix: 'a/b/' });
  });

  it('prefers regions of the environment to regions of the file, and regions of a source to both', () => {
    const yaml = 'regions: [eu-west-1]\nsources: [{alias: a}, {alias: b, regions: [us-east-1]}]\n';
    const regions = (env: Env) => read(env, yaml).config.sources.map((source) => source.regions);
    expect(regions({})).toEqual([['eu-west-1'], ['us-east-1']]);
    expect(regions({ SSM_ARCHIVE_REGIONS: 'eu-north-1' })).toEqual([['eu-north-1'], ['us-east-1']]);
  });

  it('keeps the zeros at the beginning of an account, with and without quotes', () => {
    const yaml = 'sources:\n  - {alias: a, accountId: 012345678901}\n  - {alias: b, accountId: "001234567890"}\n';
    expect(read({}, yaml).config.sources.map(({ accountId }) => accountId)).toEqual(['012345678901', '001234567890']);
  });

  it('is read from the file that SSM_ARCHIVE_CONFIG names', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'archive.yaml'), 'port: 1\n');
    writeFileSync(join(cwd, 'other.yaml'), 'port: 2\n');
    const env = { SSM_ARCHIVE_CONFIG: 'other.yaml' };
    expect(readConfig({ env, cwd, faultOfSchedule }).config.port).toBe(2);
  });

  it.each(['', '\n', '# nothing yet\n', '---\n'])('may be an empty file: %j', (yaml) => {
    expect(read({}, yaml).config.port).toBe(8420);
  });

  it('warns about each unknown variable with the prefix of the settings, and about no other variable', () => {
    const { warnings } = read({
      SSM_ARCHIVE_PROT: '1',
      SSM_ARCHIVE_PORT: '1',
      SSM_ARCHIVE_CONFIG: '',
      AWS_REGION: 'eu-west-1',
      HOME: '/',
    });
    expect(warnings).toEqual([
      'SSM_ARCHIVE_PROT is not a setting of ssm-archive and has no effect. Did you mean "SSM_ARCHIVE_PORT"?',
    ]);
  });
});
