import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { Scope } from './command-history.ts';

const MAC_BYTES = 16;

/**
 * The listing that a token belongs to: the operation, the account and region, and the parameters except those for
 * paging.
 */
export interface Listing {
  readonly operation: string;
  readonly scope: Scope;
  /** All parameters of the request except NextToken and MaxResults. */
  readonly parameters: readonly unknown[];
}

/**
 * Makes an opaque NextToken. It has the history's own cursor and a digest of the listing, so it works only for the same
 * listing.
 */
export function sealNextToken(secret: string, listing: Listing, cursor: string): string {
  return Buffer.concat([mac(secret, listing, cursor), Buffer.from(cursor)]).toString('base64url');
}

/**
 * Returns the cursor in a token. Throws InvalidNextToken if the token was altered or invented, or belongs to another
 * listing.
 */
export function openNextToken(secret: string, listing: Listing, token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const cursor = bytes.subarray(MAC_BYTES).toString();
  const isOurs =
    bytes.length > MAC_BYTES &&
    // The same bytes can be written as Base64 in several ways; only one of them is accepted.
    bytes.toString('base64url') === token &&
    timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(secret, listing, cursor));
  if (!isOurs) throw invalidNextToken();
  return cursor;
}

/** The error for a token that is not accepted. A history throws it for a cursor that it no longer accepts. */
export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', "The specified token isn't valid.");
}

function mac(secret: string, { operation, scope, parameters }: Listing, cursor: string): Buffer {
  const text = JSON.stringify([operation, scope.accountId, scope.region, parameters, cursor]);
  return createHmac('sha256', secret).update(text).digest().subarray(0, MAC_BYTES);
}
