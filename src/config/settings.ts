import { z } from 'zod';
import { FILE_MODES, type FileMode } from '../lib/files/file-mode.ts';
import { LOG_FORMS, LOG_LEVELS } from '../lib/logger.ts';
import { bucketAddress, LOCK_MODES } from './checkpoint-bucket.ts';
import { lakeAddress } from './lake-settings.ts';
import { regionName } from './source-form.ts';
import { witnessList } from './witness-form.ts';

/** A whole number of a range, as text. */
export const wholeNumber = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.addIssue(`must be a whole number from ${min} to ${max}, not "${text}"`);
    return z.NEVER;
  });

const fileMode = z.string().transform((text, context): FileMode => {
  const mode = FILE_MODES.get(text);
  if (mode !== undefined) return mode;
  context.addIssue(`must be 0600 (only the owner may read) or 0640 (its group may read too), not "${text}"`);
  return z.NEVER;
});

/** The settings that the environment and the file share. Every value is text, so that the same rules parse both. */
export const settings = {
  db: z.string().min(1, 'must be the path of the archive file'),
  authDb: z.string().min(1, 'must be the path of the file of tokens'),
  tokenFile: z.string().min(1, 'must be the path of the file with the secret of the first token'),
  accessDb: z.string().min(1, 'must be the path of the access log'),
  accessLogDays: wholeNumber(1, 36_500),
  accessLogBytes: wholeNumber(16_777_216, 1_099_511_627_776),
  ledgerKey: z.string().min(1, "must be the path of the ledger's key"),
  checkpointDirectory: z.string(),
  checkpointBucket: bucketAddress,
  checkpointBucketRegion: regionName,
  checkpointLockDays: wholeNumber(1, 36_500),
  checkpointLockMode: z.enum(LOCK_MODES),
  witnesses: witnessList,
  number: wholeNumber(0, 8191),
  lake: lakeAddress,
  lakeCacheBytes: wholeNumber(1_048_576, 1_099_511_627_776),
  sealAfterDays: wholeNumber(7, 36_500),
  reportsFile: z.string().min(1, 'must be the path of the file of saved reports'),
  fileMode,
  schedule: z.string(),
  verifySchedule: z.string(),
  sealSchedule: z.string(),
  host: z.string().min(1, 'must be an address or a host name'),
  port: wholeNumber(0, 65_535),
  trustProxy: z.enum(['true', 'false']).transform((text) => text === 'true'),
  log: z.enum(['auto', ...LOG_FORMS]),
  logLevel: z.enum(LOG_LEVELS),
  settlingMs: wholeNumber(0, 86_400_000),
  spreadMs: wholeNumber(0, 2_592_000_000),
  overlapMs: wholeNumber(0, 604_800_000),
  lateLooks: wholeNumber(0, 1000),
  outputMaxBytes: wholeNumber(1024, 67_108_864),
  slicesAtOnce: wholeNumber(1, 32),
  callDeadlineMs: wholeNumber(100, 86_400_000),
  readDeadlineMs: wholeNumber(100, 3_600_000),
  exportDeadlineMs: wholeNumber(1000, 86_400_000),
  readers: wholeNumber(2, 32),
  sqlReaders: wholeNumber(4, 64),
  sqlDeadlineMs: wholeNumber(100, 86_400_000),
  sqlMemoryBytes: wholeNumber(268_435_456, 1_099_511_627_776),
  sqlRows: wholeNumber(1, 10_000_000),
  sqlBytes: wholeNumber(1024, 268_435_456),
  upstream: z.string().refine(isOrigin, 'must be the address of an archive, such as http://archive:8420'),
  // In the file this is a list; in the environment it is one text.
  corsOrigins: z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    const origins = typeof given === 'string' ? given.split(',').map((origin) => origin.trim()) : given;
    for (const origin of origins) {
      if (!isOrigin(origin))
        context.addIssue(`must be a list of origins such as https://audit.example.com, not "${origin}"`);
    }
    return origins;
  }),
  publicHosts: z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    const hosts = typeof given === 'string' ? given.split(',').map((host) => host.trim()) : given;
    for (const host of hosts) {
      if (!isHost(host))
        context.addIssue(`must be a list of names such as archive.example.com or archive.internal:8420, not "${host}"`);
    }
    return hosts;
  }),
};

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** A name or an address, with or without a port. */
function isHost(text: string): boolean {
  if (!/^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(text) || !URL.canParse(`http://${text}`)) return false;
  return new URL(`http://${text}`).pathname === '/';
}
