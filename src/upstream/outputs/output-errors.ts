import { EndpointRedirects } from '../errors.ts';

/** The service does not have the output, or no longer: asking again would bring nothing. */
export class OutputGone extends Error {
  override name = 'OutputGone';
}

/** The source may not read the output. Other outputs of the same place are refused too. */
export class OutputDenied extends Error {
  override name = 'OutputDenied';
  /** The actions to grant, and on what. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];

  constructor(message: string, grant: { actions: readonly string[]; resources: readonly string[] }, cause: unknown) {
    super(message, { cause });
    this.actions = grant.actions;
    this.resources = grant.resources;
  }
}

const GONE = new Set([
  ...['InvocationDoesNotExist', 'InvalidPluginName', 'InvalidCommandId', 'InvalidInstanceId'],
  ...['NoSuchKey', 'NoSuchBucket', 'InvalidObjectState', 'ResourceNotFoundException'],
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized']);
/** An emulator, or an archive, that has no such operation. */
const UNKNOWN = new Set(['UnknownOperationException', 'NotImplemented', 'UnsupportedOperation']);

/**
 * Returns OutputGone or OutputDenied for what a call threw, with the service's own words; any other error is returned
 * unchanged.
 */
export function outputError(
  error: unknown,
  grant: { actions: readonly string[]; resources: readonly string[] },
): unknown {
  if (!(error instanceof Error) || error instanceof EndpointRedirects) return error;
  const { name, message } = error;
  const said = message && message !== 'UnknownError' ? `${name}: ${message}` : name;
  if (GONE.has(name)) return new OutputGone(said, { cause: error });
  if (DENIED.has(name) || UNKNOWN.has(name)) return new OutputDenied(said, keyGrant(message) ?? grant, error);
  return error;
}

/** What to grant if it is the key that is refused, with which an object lies encrypted: S3 itself calls that denied. */
function keyGrant(message: string): { actions: string[]; resources: string[] } | undefined {
  if (!/kms:Decrypt|The ciphertext refers to/.test(message)) return undefined;
  const [key] = /arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+/.exec(message) ?? [];
  return { actions: ['kms:Decrypt'], resources: [key ?? '*'] };
}
