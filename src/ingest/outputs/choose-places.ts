import type { CutStep } from '../../archive/outputs/cut-step.ts';
import type { FullOutputsConfig } from '../../config/config.ts';
import type { Provenance, Stream } from '../../model/outputs/full-output.ts';
import type { StoredStream } from '../../upstream/outputs/output-source.ts';

/** The agent has no colon and no asterisk in the names of log streams. */
const NOT_IN_STREAM_NAMES = /[:*]/g;
/** The SDK would take an ARN as a bucket too, which may lead to another region and account. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A name with a colon may be an ARN, which leads to another account. */
const LOG_GROUP = /^[\w./#-]{1,512}$/;
/** Nobody names an object so, but an address with it may lead out of a bucket. */
const DOTS = /(^|\/)\.{1,2}(\/|$)/;
/** S3 has no longer ones. */
const MOST_KEY_BYTES = 1024;
/** What a parser of addresses resolves, leaves out or turns into something else. */
const CHANGED = /(^|\/)(\.|%2e){1,2}(\/|$)|[\\\t\r\n]/i;
const STREAM_URLS = { stdout: 'standardOutputUrl', stderr: 'standardErrorUrl' } as const;

/** Returns the places that are configured and allowed for a step, in the order in which they are asked. */
export function choosePlaces(step: CutStep, accountId: string, config: FullOutputsConfig): readonly Provenance[] {
  const { accounts, documents, statuses } = config;
  if (accounts && !accounts.includes(accountId)) return [];
  if (documents && !isNamed(documents, step.documentName)) return [];
  if (statuses && ![step.status, step.statusDetails].some((status) => status !== null && statuses.includes(status)))
    return [];
  return config.from.filter((provenance) => {
    if (provenance === 'get') return isAlone(step);
    return storedStreams(step, provenance, config).length > 0;
  });
}

/** GetCommandInvocation, and the names of log streams, tell steps apart by nothing but their names. */
export function isAlone({ namesakes }: Pick<CutStep, 'namesakes'>): boolean {
  return namesakes === 1;
}

/**
 * Returns the objects or log streams of a step: none if its command names no bucket or log group, or one that is not
 * allowed. Anybody who may send a command may name any of them, so only the configuration decides.
 */
export function storedStreams(
  step: CutStep,
  provenance: 's3' | 'logs',
  { buckets, logGroups }: FullOutputsConfig,
): StoredStream[] {
  const streams: readonly Stream[] = ['stdout', 'stderr'];
  if (provenance === 's3') {
    const { bucket } = step;
    if (!bucket || !BUCKET.test(bucket) || !isNamed(buckets, bucket)) return [];
    return streams.flatMap((stream) => {
      const key = keyOf(step, bucket, stream);
      return key === undefined ? [] : [{ stream, store: bucket, name: key }];
    });
  }
  const group = step.logGroup || `/aws/ssm/${step.documentName}`;
  if (step.isLogging !== 1 || step.name === null || !isAlone(step)) return [];
  if (!LOG_GROUP.test(group) || !isNamed(logGroups, group)) return [];
  const { commandId, instanceId, name } = step;
  const folder = `${commandId}/${instanceId}/${name}`.replace(NOT_IN_STREAM_NAMES, '-');
  return streams.map((stream) => ({ stream, store: group, name: `${folder}/${stream}` }));
}

/**
 * Returns the key of a stream's object: the part of its address after the bucket, if that is of this very command and
 * node. The rest of the address is not used.
 */
function keyOf(step: CutStep, bucket: string, stream: Stream): string | undefined {
  const { commandId, instanceId } = step;
  const address = step[STREAM_URLS[stream]];
  if (!address || !URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  const inPath = `/${bucket}/`;
  // The host is looked at first: a path may begin with the bucket's name because the key does.
  const path = hostname.startsWith(`${bucket}.`)
    ? pathname.slice(1)
    : pathname.startsWith(inPath)
      ? pathname.slice(inPath.length)
      : undefined;
  // The parser has taken out what such names lead to: the object would be another one than the address names.
  if (path === undefined || CHANGED.test(address)) return undefined;
  const key = decoded(path);
  if (key === undefined || DOTS.test(key) || Buffer.byteLength(key) > MOST_KEY_BYTES) return undefined;
  return `/${key}`.includes(`/${commandId}/${instanceId}/`) ? key : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Whether a list has a name, or a beginning of it with `*` at its end. */
function isNamed(list: readonly string[], name: string | null): boolean {
  if (name === null) return false;
  return list.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
}
