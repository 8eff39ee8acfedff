import type { LogForm, LogLevel } from '../lib/logger.ts';
import type { Report, ReportDelivery } from '../questions/reports/report.ts';

/** Where to collect: one identity, in one or more regions. No regions means the SDK's own (AWS_REGION or the profile). */
export interface SourceConfig {
  alias: string;
  /** The account that the source must turn out to be, where the file names it. */
  accountId?: string;
  roleArn?: string;
  externalId?: string;
  sessionName?: string;
  regions: string[];
}

/** Where each checkpoint is kept as an object of its own, and for how long nobody may delete it. */
export interface CheckpointBucketConfig {
  bucket: string;
  /** What names of objects begin with: empty, or with a slash at its end. */
  prefix: string;
  /** The SDK's own where none is given. */
  region?: string;
  /** S3 Object Lock; the bucket's own retention where none is given. */
  lock?: { days: number; mode: 'COMPLIANCE' | 'GOVERNANCE' };
}

/** A witness by https://c2sp.org/tlog-witness. */
export interface WitnessConfig {
  /** What `/add-checkpoint` is behind, without a slash at its end. */
  url: string;
  /** Its verifier key, which its cosignatures must be by. */
  key: string;
}

/** A source in a region that an earlier source has: it is not collected, and each pass fails for it with the sentence. */
export interface RefusedSource {
  alias: string;
  /** Undefined for the SDK's own. */
  region: string | undefined;
  sentence: string;
}

/** All settings, parsed. Durations are milliseconds. */
export interface Config {
  db: string;
  /** The tokens, in a file of their own: whoever may read the archive by SQL must not find them in it. */
  authDb: string;
  /** The file with the secret of the first token, which a server without any takes from it; none unless said. */
  tokenFile?: string;
  /** Who asked what and when; how long that is kept, and how large its file may be. */
  accessDb: string;
  accessLogDays: number;
  accessLogBytes: number;
  /** The key that signs the ledger's checkpoints. */
  ledgerKey: string;
  /** Where checkpoints are written outside the archive; nowhere unless said. */
  checkpointDirectory?: string;
  /** The bucket that checkpoints are put into as well; none unless said. */
  checkpointBucket?: CheckpointBucketConfig;
  /** Who is asked to cosign checkpoints; nobody unless said. */
  witnesses?: WitnessConfig[];
  /** The keys that archives and packs are held to where a call gives none: `verify.keys` of archive.yaml. */
  verifyKeys?: string[];
  /** The reports that were saved by way of the API, in YAML. */
  reportsFile: string;
  /** Without what is refused. */
  sources: SourceConfig[];
  refused: RefusedSource[];
  /** Five- or six-field cron, in UTC. */
  schedule: string;
  /** When the archive is verified, likewise; never unless said. */
  verifySchedule?: string;
  host: string;
  port: number;
  /** Whether X-Forwarded-For and X-Forwarded-Proto are believed: a reverse proxy of one's own sets them. */
  trustProxy: boolean;
  logLevel: LogLevel;
  /** What the log is written as; by whether it goes to a terminal unless said. */
  log?: LogForm;
  /** How long after its time a span counts as settled, so that nothing is still to appear in it. */
  settlingMs: number;
  /** How long after its command an invocation may be requested, so far as no command was seen that took longer. */
  spreadMs: number;
  /** How much of the settled past each pass lists again. */
  overlapMs: number;
  /** How long an answer may take to be read, and how long an export may run. */
  readDeadlineMs: number;
  exportDeadlineMs: number;
  /** Processes that read what no index bounds. */
  readers: number;
  /** Processes that answer SQL, how long a query may take, and what each process may have. */
  sqlReaders: number;
  sqlDeadlineMs: number;
  sqlMemoryBytes: number;
  /** How many rows, and bytes of rows, an answer to SQL may have where it is no download. */
  sqlRows: number;
  sqlBytes: number;
  /** Origins whose pages may read answers in a browser; none unless said. */
  corsOrigins: string[];
  /** What the server is called beside `host`, such as the name of a proxy in front; with a port where browsers see one. */
  publicHosts: string[];
  /** The reports that archive.yaml defines. */
  reports: Report[];
  /** What is written by itself, those and others. */
  deliveries: ReportDelivery[];
  /** How many calls a pass may make for a source to look again at what is final. */
  lateLooks: number;
  /** How many slices of one source are listed at the same time. */
  slicesAtOnce: number;
  /** How long a call of AWS may take to its last byte; what upstream/calls/outgoing.ts says unless given. */
  callDeadlineMs?: number;
  /** Where calls go in place of AWS: another archive, or the simulator of the demo and the tests, and there as whom. */
  aws?: AwsOverride;
}

/** An endpoint for SSM and STS alike, and the identity that calls it; the SDK's own where none is given. */
export interface AwsOverride {
  endpoint: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** It is configured as another archive, which says with each page what it has of the span. */
  isArchive?: true;
}
