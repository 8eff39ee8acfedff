import { LeaseLost } from '../../archive/file/lease.ts';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { explainTooManyFiles } from '../../lib/errors/explain-too-many-files.ts';
import { connectionFault, isTlsFault, isUnknownHost, isUnreached } from '../../upstream/calls/connection-fault.ts';
import {
  CallLate,
  CredentialsLate,
  EndpointRedirects,
  Interrupted,
  ListingBounded,
  ListingEndless,
  ListingExpired,
  OperationUnknown,
  ReplyUnreadable,
  SourceRefused,
} from '../../upstream/errors.ts';

/**
 * What a failed listing means. `expired`: begin it again. `failed`: go on with the other listings and try this one
 * later. `bounded`: it has had as many replies as it may have. `interrupted`: the pass was asked to end. `source`:
 * collecting this source ends. `fatal`: the whole pass ends. The sentence is for people.
 */
export interface Failure {
  kind: 'expired' | 'failed' | 'bounded' | 'interrupted' | 'source' | 'fatal';
  sentence: string;
}

/** Classifies an error that a listing threw. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof ListingExpired) return { kind: 'expired', sentence: error.message };
  if (error instanceof ListingBounded) return { kind: 'bounded', sentence: error.message };
  if (error instanceof Interrupted) return { kind: 'interrupted', sentence: error.message };
  if (error instanceof SourceRefused || error instanceof OperationUnknown || error instanceof ListingEndless) {
    return { kind: 'source', sentence: error.message };
  }
  if (error instanceof LeaseLost) return { kind: 'fatal', sentence: error.message };
  if (!(error instanceof Error)) return { kind: 'fatal', sentence: String(error) };
  if (isDatabaseError(error)) return { kind: 'fatal', sentence: explainTooManyFiles(error) ?? String(error) };
  return { kind: 'failed', sentence: sentenceOf(error) };
}

/** Whether SQLite threw the error: then nothing can be written, so the pass can't go on. */
function isDatabaseError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')
  );
}

function sentenceOf(error: Error): string {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined) return tooManyFiles;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = 'endpoint' in error && typeof error.endpoint === 'string' ? ` at ${error.endpoint}` : '';
  if (isUnknownHost(code))
    return `The service's host name can't be found (${error.message}). Check the region, DNS and AWS_ENDPOINT_URL.`;
  if (isUnreached(code))
    return `The service${at} can't be reached (${error.message || code}). Check the network, a proxy, and AWS_ENDPOINT_URL.`;
  if (isTlsFault(error)) return `The service${at} did not answer: ${connectionFault(error)}.`;
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT')
    return `The service${at} did not answer in time, ten times in a row: ${connectionFault(error)}.`;
  if (error instanceof CallLate)
    return `${error.message} There were three attempts. Check the network and a proxy; if the line is only slow, raise SSM_ARCHIVE_CALL_DEADLINE_MS.`;
  if (error instanceof SealedUnreadable) return error.message;
  if (error instanceof ReplyUnreadable || error instanceof CredentialsLate || error instanceof EndpointRedirects)
    return error.message;
  if (/throttl/i.test(error.name)) {
    return `${error.name}: ${error.message}: the service throttled every call for five minutes. Other pollers of this account may use up its rate; the next pass tries again.`;
  }
  return error.message ? `${error.name}: ${error.message}` : error.name;
}
