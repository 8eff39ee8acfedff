import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { Scope } from './command-history.ts';

const MAC_BYTES = 16;

/** What a token belongs to: a listing is its operation, whose history it reads, and its parameters but for the page's. */
export interface Listing {
  readonly operation: string;
  readonly scope: Scope;
  /** Everything that the request asks for, without NextToken and MaxResults. */
  readonly parameters: readonly unknown[];
}

/** An opaque NextToken: the history's own cursor under a digest of its listing, so that it opens for nothing else. */
export function sealNextToken(secret: string, listing: Listing, cursor: string): string {
  return Buffer.concat([mac(secret, listing, cursor), Buffer.from(cursor)]).toString('base64url');
}

/** The cursor in a token; throws InvalidNextToken for one that is altered, made up or of another listing. */
export function openNextToken(secret: string, listing: Listing, token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const cursor = bytes.subarray(MAC_BYTES).toString();
  const isOurs =
    bytes.length > MAC_BYTES &&
    // Base64 has several spellings of some bytes, and a token has one.
    bytes.toString('base64url') === token &&
    timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(secret, listing, cursor));
  if (!isOurs) throw invalidNextToken();
  return cursor;
}

/** The error for a token that is not honoured; a history throws it for a cursor that it has given up. */
export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', "The specified token isn't valid.");
}

function mac(secret: string, { operation, scope, parameters }: Listing, cursor: string): Buffer {
  const text = JSON.stringify([operation, scope.accountId, scope.region, parameters, cursor]);
  return createHmac('sha256', secret).update(text).digest().subarray(0, MAC_BYTES);
}
