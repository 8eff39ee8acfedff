import {
  type CommandFilter,
  ListCommandInvocationsCommand,
  type ListCommandInvocationsCommandInput,
  ListCommandsCommand,
  type ListCommandsCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider, RetryStrategyV2 } from '@smithy/types';
import type { AwsOverride, SourceConfig } from '../config/config.ts';
import { isoSeconds, type Now, SECOND_MS } from '../lib/time.ts';
import type { SourceKey } from '../model/observed-invocation.ts';
import { boundCredentials } from './calls/bound-credentials.ts';
import { boundHandler } from './calls/bound-handler.ts';
import { missingProfile } from './calls/missing-profile.ts';
import { OUTGOING } from './calls/outgoing.ts';
import { watchSilence } from './calls/watch-silence.ts';
import { ReplyUnreadable, SourceRefused } from './errors.ts';
import { explainRefusal } from './explain-refusal.ts';
import { checkAssumeRole } from './replies/check-assume-role.ts';
import type { ListOperation } from './replies/good-replies.ts';
import { type CallCounts, type CallReading, readCall } from './replies/read-call.ts';
import type { ListReply } from './replies/read-reply.ts';

const REPLY_ITEMS = 50;
/** A Date header has whole seconds and arrives late: a difference below this is not reported. */
const DATE_RESOLUTION_MS = 2 * SECOND_MS;

/**
 * The request of one listing. `afterMs` is inclusive, `beforeMs` exclusive, both as whole seconds; if absent, that side
 * is not limited.
 */
export interface ListingRequest {
  afterMs?: number | undefined;
  beforeMs?: number | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
  executionStage?: 'Executing' | undefined;
  nextToken?: string | undefined;
}

/** One account and region, ready to be listed. Both functions throw the errors of errors.ts or the SDK's own. */
export interface Source extends SourceKey {
  alias: string;
  listCommandInvocations(request: ListingRequest, counts: CallCounts): Promise<ListReply>;
  listCommands(request: ListingRequest, counts: CallCounts): Promise<ListReply>;
  /**
   * How far the service's clock is ahead of this machine's, by the Date of SSM's last reply; undefined before the first
   * reply.
   */
  clockSkewMs(): number | undefined;
  close(): void;
}

interface ConnectDeps {
  now: Now;
  pacer: RetryStrategyV2;
  counts: CallCounts;
  aws?: AwsOverride | undefined;
  /** When this signal aborts, calls under way are broken off some moments later. */
  signal: AbortSignal;
  /** How long a call may take, whatever its peer does; the default is in OUTGOING. */
  callDeadlineMs?: number | undefined;
  /** How long calls under way may still take once the signal aborts. */
  graceMs?: number | undefined;
  /** Called within seconds, and then from time to time, while an endpoint that does not answer is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
}

/**
 * Connects a source in one region (undefined: the SDK's own) and asks STS for the source's account. Credentials come
 * from the SDK's default chain, through the source's role if it has one, and refresh by themselves. Throws
 * SourceRefused if there is no region, no valid credentials, or another account than the configured one; Interrupted
 * once the signal aborts; and any other error as explainRefusal returns it.
 */
export async function connectSource(
  deps: ConnectDeps,
  config: SourceConfig,
  region: string | undefined,
): Promise<Source> {
  const { alias, roleArn } = config;
  const setting = deps.aws === undefined ? 'AWS_ENDPOINT_URL' : 'SSM_ARCHIVE_UPSTREAM';
  const bounds = { stopped: deps.signal, graceMs: deps.graceMs };
  const watch = deps.onSilence && watchSilence(deps.onSilence);
  const requestHandler = boundHandler(
    OUTGOING.aws,
    {
      ...bounds,
      wholeMs: deps.callDeadlineMs ?? OUTGOING.aws.wholeMs,
    },
    watch,
  );
  const own =
    deps.aws?.credentials ??
    boundCredentials(
      requestHandler,
      { ...bounds, wholeMs: deps.callDeadlineMs ?? OUTGOING.credentials.wholeMs },
      watch,
    );
  const shared = {
    ...(region !== undefined && { region }),
    ...deps.aws,
    retryStrategy: deps.pacer,
    requestHandler,
    credentials:
      roleArn === undefined ? own : assumeRole(config, roleArn, region, { ...deps, requestHandler, own, setting }),
  };
  const ssm = new SSMClient(shared);
  const sts = new STSClient(shared);
  const close = () => {
    watch?.end();
    ssm.destroy();
    sts.destroy();
  };
  let skewMs: number | undefined;
  const reading = (operation: ListOperation, counts: CallCounts): CallReading => ({
    ...{ counts, operation, setting },
    onDate: (servedAtMs) => {
      const ms = servedAtMs - deps.now().getTime();
      skewMs = Math.abs(ms) < DATE_RESOLUTION_MS ? 0 : ms;
    },
  });

  try {
    const usedRegion = await regionOf(ssm);
    const accountId = await accountOf(usedRegion);
    return {
      alias,
      accountId,
      region: usedRegion,
      listCommandInvocations: async (request, counts) => {
        const input: ListCommandInvocationsCommandInput = { ...listingInput(request), Details: true };
        const { middleware, reply } = readCall(reading('ListCommandInvocations', counts));
        const command = new ListCommandInvocationsCommand(input);
        command.middlewareStack.use(middleware);
        return refused(ssm.send(command).then(reply), 'ssm:ListCommandInvocations', usedRegion);
      },
      listCommands: async (request, counts) => {
        const input: ListCommandsCommandInput = listingInput(request);
        const { middleware, reply } = readCall(reading('ListCommands', counts));
        const command = new ListCommandsCommand(input);
        command.middlewareStack.use(middleware);
        return refused(ssm.send(command).then(reply), 'ssm:ListCommands', usedRegion);
      },
      clockSkewMs: () => skewMs,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }

  async function regionOf(client: SSMClient): Promise<string> {
    try {
      return await client.config.region();
    } catch (error) {
      const missing = deps.aws?.credentials ? undefined : await missingProfile();
      if (missing !== undefined) throw new SourceRefused(missing, { cause: error });
      throw new SourceRefused(
        `No region is set for the source "${alias}". Name regions in SSM_ARCHIVE_REGIONS (eu-west-1,us-east-1), in archive.yaml, or in AWS_REGION.`,
        { cause: error },
      );
    }
  }

  async function accountOf(usedRegion: string): Promise<string> {
    const command = new GetCallerIdentityCommand({});
    const reading: CallReading = { counts: deps.counts, operation: 'GetCallerIdentity', setting };
    command.middlewareStack.use(readCall(reading).middleware);
    const action = roleArn ? 'sts:AssumeRole' : 'sts:GetCallerIdentity';
    const { Account } = await refused(sts.send(command), action, usedRegion);
    if (!Account) throw new ReplyUnreadable('STS named no account in its reply to GetCallerIdentity.');
    const expected = config.accountId ?? roleArn?.split(':')[4];
    if (expected !== undefined && expected !== Account) {
      throw new SourceRefused(
        `The source "${alias}" is configured as account ${expected}, but its credentials belong to account ${Account}. Correct accountId or roleArn, or use the other account's credentials.`,
      );
    }
    return Account;
  }

  async function refused<T>(call: Promise<T>, action: string, usedRegion: string): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw explainRefusal(error, { action, alias, region: usedRegion, roleArn, upstream: deps.aws?.endpoint });
    }
  }
}

interface AssumeDeps extends Pick<ConnectDeps, 'aws' | 'pacer'> {
  requestHandler: NodeHttpHandler;
  /** Returns the credentials that assume the role. */
  own: NonNullable<AwsOverride['credentials']> | AwsCredentialIdentityProvider;
  setting: string;
}

/**
 * The source's own pacer retries these calls: with the SDK's three attempts, the source would fail if STS had trouble
 * for a moment.
 */
function assumeRole(
  config: SourceConfig,
  roleArn: string,
  region: string | undefined,
  { aws, pacer, requestHandler, own, setting }: AssumeDeps,
) {
  return fromTemporaryCredentials({
    masterCredentials: own,
    clientPlugins: [checkAssumeRole(setting)],
    params: {
      RoleArn: roleArn,
      RoleSessionName: config.sessionName ?? 'ssm-archive',
      ...(config.externalId !== undefined && { ExternalId: config.externalId }),
    },
    clientConfig: {
      ...(region !== undefined && { region }),
      ...(aws && { endpoint: aws.endpoint }),
      retryStrategy: pacer,
      requestHandler,
    },
  });
}

function listingInput({ afterMs, beforeMs, commandId, instanceId, executionStage, nextToken }: ListingRequest) {
  const filters: CommandFilter[] = [];
  if (afterMs !== undefined) filters.push({ key: 'InvokedAfter', value: isoSeconds(afterMs) });
  if (beforeMs !== undefined) filters.push({ key: 'InvokedBefore', value: isoSeconds(beforeMs) });
  if (executionStage !== undefined) filters.push({ key: 'ExecutionStage', value: executionStage });
  return {
    MaxResults: REPLY_ITEMS,
    ...(filters.length > 0 && { Filters: filters }),
    ...(commandId !== undefined && { CommandId: commandId }),
    ...(instanceId !== undefined && { InstanceId: instanceId }),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}
