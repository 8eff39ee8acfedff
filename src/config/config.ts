import type { LogForm, LogLevel } from '../lib/logger.ts';
import type { Provenance } from '../model/outputs/full-output.ts';
import type { Report, ReportDelivery } from '../questions/reports/report.ts';

/**
 * A source to collect from: one identity in one or more regions. An empty list means the SDK's own region (AWS_REGION
 * or the profile).
 */
export interface SourceConfig {
  alias: string;
  /** The account to which the source must belong, if the file names one. */
  accountId?: string;
  roleArn?: string;
  externalId?: string;
  sessionName?: string;
  regions: string[];
}

/** The bucket that keeps each checkpoint as an object, and for how long nobody may delete it. */
export interface CheckpointBucketConfig {
  bucket: string;
  /** The beginning of the objects' names: empty, or with a slash at its end. */
  prefix: string;
  /** The bucket's region; by default the SDK's own region. */
  region?: string;
  /** S3 Object Lock. By default the bucket's own retention applies. */
  lock?: { days: number; mode: 'COMPLIANCE' | 'GOVERNANCE' };
}

/** A witness as in https://c2sp.org/tlog-witness. */
export interface WitnessConfig {
  /** The address before `/add-checkpoint`, without a slash at its end. */
  url: string;
  /** The verifier key for the witness's cosignatures. */
  key: string;
}

/**
 * A region of a source that is not collected, because an earlier source collects the same account and region. Each pass
 * reports `sentence` as its failure.
 */
export interface RefusedSource {
  alias: string;
  /** The region; undefined for the SDK's own region. */
  region: string | undefined;
  sentence: string;
}

/** Which outputs that the service cut are fetched in full, and from where. */
export interface FullOutputsConfig {
  /** The places that are asked, in this order. */
  from: readonly Provenance[];
  /** Only those of these accounts, documents and statuses. By default all. */
  accounts?: readonly string[];
  documents?: readonly string[];
  statuses?: readonly string[];
  /** The buckets and log groups that may be read, each a name or its beginning with `*`. */
  buckets: readonly string[];
  logGroups: readonly string[];
  /** How many calls a pass may make for each source. */
  callsAPass: number;
  /** The most bytes that are kept of a stream. */
  maxBytes: number;
}

/** Where sealed days are, and when a day is sealed. */
export interface LakeConfig {
  /** The absolute path of a folder, or `s3://bucket/prefix`. */
  location: string;
  /** How old a day must be. */
  sealAfterMs: number;
  /** The most bytes of objects that are kept on this machine. */
  cacheBytes: number;
  /** When the server seals days, as five- or six-field cron in UTC. By default never. */
  schedule?: string;
}

/** All settings, parsed. Durations are in milliseconds. */
export interface Config {
  db: string;
  /**
   * The tokens. They have a file of their own, so that people who may read the archive by SQL can't find them there.
   */
  authDb: string;
  /**
   * The file with the secret for the first token. A server without tokens makes its first token from it. By default
   * there is none.
   */
  tokenFile?: string;
  /** The access log: who asked what and when, how long that is kept, and how large the file may become. */
  accessDb: string;
  accessLogDays: number;
  accessLogBytes: number;
  /** The key that signs the ledger's checkpoints. */
  ledgerKey: string;
  /** The folder for copies of checkpoints outside the archive. By default there is none. */
  checkpointDirectory?: string;
  /** The bucket for more copies of checkpoints. By default there is none. */
  checkpointBucket?: CheckpointBucketConfig;
  /** The witnesses that are asked to cosign checkpoints. By default there are none. */
  witnesses?: WitnessConfig[];
  /**
   * The keys with which archives and packs are verified if a command or request names no key: `verify.keys` of
   * archive.yaml.
   */
  verifyKeys?: string[];
  /** The file of reports that were saved through the API, in YAML. */
  reportsFile: string;
  /** The sources to collect, without the refused ones. */
  sources: SourceConfig[];
  refused: RefusedSource[];
  /** When passes run, as five- or six-field cron in UTC. */
  schedule: string;
  /** When the archive is verified, as five- or six-field cron in UTC. By default never. */
  verifySchedule?: string;
  host: string;
  port: number;
  /** Whether X-Forwarded-For and X-Forwarded-Proto are believed, because the operator's own reverse proxy sets them. */
  trustProxy: boolean;
  logLevel: LogLevel;
  /** The form of the log. By default it depends on whether the log goes to a terminal. */
  log?: LogForm;
  /** The time from the end of a span until the span counts as settled, so that nothing new appears in it. */
  settlingMs: number;
  /**
   * The longest expected time between the request of a command and the request of its last invocation. If an observed
   * command took longer, its time is used.
   */
  spreadMs: number;
  /** The length of the settled past that each pass lists again. */
  overlapMs: number;
  /** How long reading an answer from the archive may take, and how long an export may run. */
  readDeadlineMs: number;
  exportDeadlineMs: number;
  /** The number of processes for questions that may read many rows, because no index limits them. */
  readers: number;
  /** The number of processes that answer SQL, how long a query may take, and how much memory each process may use. */
  sqlReaders: number;
  sqlDeadlineMs: number;
  sqlMemoryBytes: number;
  /** The most rows, and the most bytes of rows, in an answer to SQL that is not a download. */
  sqlRows: number;
  sqlBytes: number;
  /** The origins whose pages may read answers in a browser. By default none. */
  corsOrigins: string[];
  /**
   * Names of the server besides `host`, such as the name of a proxy in front of it; with a port if browsers see one.
   */
  publicHosts: string[];
  /** The reports that archive.yaml defines. */
  reports: Report[];
  /** The reports that are written on a schedule. They are defined in archive.yaml, saved, or built in. */
  deliveries: ReportDelivery[];
  /** How many calls a pass may make per source for late looks at final invocations. */
  lateLooks: number;
  /** The archive's number among those that share a lake. By default the one that the archive has. */
  archiveNumber?: number;
  /** The lake of sealed days. By default there is none. */
  lake?: LakeConfig;
  /** Which outputs are fetched in full. By default none. */
  fullOutputs?: FullOutputsConfig;
  /** How many slices of one source are listed at once. */
  slicesAtOnce: number;
  /**
   * How long a call of AWS may take until the last byte of its answer has come. The default is in
   * upstream/calls/outgoing.ts.
   */
  callDeadlineMs?: number;
  /**
   * The endpoint that is called instead of AWS: another archive, or the simulator of the demo and the tests. Also the
   * identity for calling it.
   */
  aws?: AwsOverride;
}

/** An endpoint for both SSM and STS, and the identity that calls it. By default the SDK's own. */
export interface AwsOverride {
  endpoint: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /**
   * Whether the endpoint is configured as another archive. Such an archive says in each answer how much of the span it
   * has.
   */
  isArchive?: true;
}
