import { expect, it, vi } from 'vitest';
import { environmentOfLake } from '../../src/config/load-config.ts';

const LAKE = { sealAfterMs: 0, cacheBytes: 0, sealSchedule: '' };

it('a process that reads a lake in a bucket gets the variables of the AWS SDK, and no other secret of the server', () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'for S3');
  vi.stubEnv('https_proxy', 'http://proxy:3128');
  vi.stubEnv('SSM_ARCHIVE_TOKEN', 'a token');
  vi.stubEnv('DATABASE_PASSWORD', 'a password');
  const env = environmentOfLake({ lake: { ...LAKE, location: 's3://bucket/prefix' } });
  expect(env).toMatchObject({ AWS_SECRET_ACCESS_KEY: 'for S3', https_proxy: 'http://proxy:3128' });
  expect(Object.values(env)).not.toContain('a token');
  expect(Object.values(env)).not.toContain('a password');
  expect(environmentOfLake({ lake: { ...LAKE, location: '/srv/lake' } })).toEqual({});
  expect(environmentOfLake({})).toEqual({});
  vi.unstubAllEnvs();
});
