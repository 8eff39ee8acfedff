import { sayTwice } from '../model/account-of-source.ts';

/**
 * A reply with status 200 that does not have the form which the API model promises: cut short, not JSON, or without a
 * required member.
 */
export class ReplyUnreadable extends Error {
  override name = 'ReplyUnreadable';
  // This tells the SDK's retry middleware that it may send the request again.
  readonly $retryable = { throttling: false };
}

/**
 * Something other than the service answered: a proxy, a login page, a web server. The call is retried as often as the
 * status allows, because a proxy may send a page of HTML while the service behind it has trouble.
 */
export class ReplyForeign extends ReplyUnreadable {
  override name = 'ReplyForeign';
  readonly $metadata: { httpStatusCode: number };

  constructor(status: number, what: string, setting: string) {
    super(
      `The answer does not come from AWS: it has status ${status} and ${what}. Look for a proxy or a login page on the way, and check ${setting}.`,
    );
    this.$metadata = { httpStatusCode: status };
  }
}

/** The service refuses this source as a whole: no permission, no valid credentials, or the wrong account. */
export class SourceRefused extends Error {
  override name = 'SourceRefused';
}

/**
 * The source has the same account and region as an earlier one in the configuration. The earlier one collects it; this
 * one is neither collected nor owed.
 */
export class SourceTwice extends SourceRefused {
  override name = 'SourceTwice';
  /** The earlier source, and its account and region. */
  readonly other: { alias: string; accountId: string; region: string };

  constructor({
    alias,
    earlier,
    accountId,
    region,
  }: { alias: string; earlier: string; accountId: string; region: string }) {
    super(sayTwice({ alias, earlier, accountId, region }));
    this.other = { alias: earlier, accountId, region };
  }
}

/** The service stopped accepting a token in the middle of a listing, which has to begin again. */
export class ListingExpired extends Error {
  override name = 'ListingExpired';
}

/** Listings of this source do not come to an end, not even very small ones. Going on would only load the service. */
export class ListingEndless extends Error {
  override name = 'ListingEndless';
}

/** A listing has more replies than it may have. Its replies stay recorded, but it does not count as complete. */
export class ListingBounded extends Error {
  override name = 'ListingBounded';
}

/**
 * The service does not know the operation at all: it is an emulator, or an archive that serves an emulator's history.
 */
export class OperationUnknown extends Error {
  override name = 'OperationUnknown';
}

function secondsOf(ms: number): string {
  return ms === 1000 ? '1 second' : `${ms / 1000} seconds`;
}

/** A call took longer than it may: its peer sent nothing, or so little at a time that the reply would never end. */
export class CallLate extends Error {
  override name = 'CallLate';
  // The SDK's retry middleware may send the request again, as after ReplyUnreadable; the pacer says how often.
  readonly $retryable = { throttling: false };

  constructor(wholeMs: number) {
    super(`The reply was not complete after ${secondsOf(wholeMs)}.`);
  }
}

/** No credentials came within their time limit. This pass can't collect the source. */
export class CredentialsLate extends Error {
  override name = 'CredentialsLate';

  constructor(wholeMs: number, options: ErrorOptions) {
    super(
      `No credentials came within ${secondsOf(wholeMs)}. Check what provides them: credential_process, single sign-on, or the metadata service of this machine or container.`,
      options,
    );
  }
}

/**
 * No file has the profile that credentials should come from. The message names the profile and the files, and says what
 * to do.
 */
export class ProfileMissing extends Error {
  override name = 'ProfileMissing';
}

/**
 * An endpoint answered with a redirect, which is never followed: it would take a signed request to a host that nobody
 * chose. The message does not say what to do, because that depends on the caller.
 */
export class EndpointRedirects extends Error {
  override name = 'EndpointRedirects';
  /** Where the redirect points: an address without its query. */
  readonly to: string | undefined;
  /** The region that S3 names in a redirect. */
  readonly region: string | undefined;

  constructor({
    status,
    from,
    to,
    region,
  }: { status: number; from: string; to?: string | undefined; region?: string | undefined }) {
    super(
      `${from} redirects ${to === undefined ? 'without saying where' : `to ${to}`} (${status}). No redirect is followed.`,
    );
    this.to = to;
    this.region = region;
  }
}

/** The pass was told to stop while this call still waited for its turn or for its reply. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('The pass was interrupted.');
  }
}
