import { sayTwice } from '../model/account-of-source.ts';

/** A reply with status 200 that is not what the API model promises: cut short, not JSON, or without what makes it good. */
export class ReplyUnreadable extends Error {
  override name = 'ReplyUnreadable';
  // The SDK's retry middleware takes this for leave to send the request again.
  readonly $retryable = { throttling: false };
}

/**
 * Something else than the service answered: a proxy, a login page, a web server. Asked again as often as its status says: a service that is
 * only in trouble may have a page of HTML in front of it.
 */
export class ReplyForeign extends ReplyUnreadable {
  override name = 'ReplyForeign';
  readonly $metadata: { httpStatusCode: number };

  constructor(status: number, what: string, setting: string) {
    super(
      `What answered is no AWS: it sent status ${status} and ${what}. Look for a proxy or a login page on the way, and check ${setting}.`,
    );
    this.$metadata = { httpStatusCode: status };
  }
}

/** The service refuses this source as a whole: no permission, no valid credentials, or the wrong account. */
export class SourceRefused extends Error {
  override name = 'SourceRefused';
}

/** The source is the same account and region as one before it in the configuration, which has it: this one is neither collected nor owed. */
export class SourceTwice extends SourceRefused {
  override name = 'SourceTwice';
  /** The source that it is, and where that is. */
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

/** A token stopped being accepted in the middle of a listing, which has to begin again. */
export class ListingExpired extends Error {
  override name = 'ListingExpired';
}

/** Listings of this source do not come to an end, however they are cut: going on would only load the service. */
export class ListingEndless extends Error {
  override name = 'ListingEndless';
}

/** A listing has more replies than it may have. What came of it is recorded, and it counts for nothing. */
export class ListingBounded extends Error {
  override name = 'ListingBounded';
}

/** The service does not know the operation at all (an emulator, or an archive in front of one). */
export class OperationUnknown extends Error {
  override name = 'OperationUnknown';
}

function secondsOf(ms: number): string {
  return ms === 1000 ? '1 second' : `${ms / 1000} seconds`;
}

/** A call took longer than it may: its peer sends nothing, or so little at a time that the reply never ends. */
export class CallLate extends Error {
  override name = 'CallLate';
  // As ReplyUnreadable: the pacer says how often.
  readonly $retryable = { throttling: false };

  constructor(wholeMs: number) {
    super(`The reply was not whole after ${secondsOf(wholeMs)}.`);
  }
}

/** No credentials came in the time that they may take. The source can't be collected by this pass. */
export class CredentialsLate extends Error {
  override name = 'CredentialsLate';

  constructor(wholeMs: number, options: ErrorOptions) {
    super(
      `No credentials came within ${secondsOf(wholeMs)}. Look at what gives them: credential_process, single sign-on, or the metadata service of this machine or container.`,
      options,
    );
  }
}

/** The profile that credentials are to come from is in no file. The message names it and the files, and says what to do. */
export class ProfileMissing extends Error {
  override name = 'ProfileMissing';
}

/**
 * An endpoint answered by a redirect, which is never followed: it would take a signed request to a host that nobody chose. The message is
 * sentences without what to do, since that depends on who called.
 */
export class EndpointRedirects extends Error {
  override name = 'EndpointRedirects';
  /** Where it points: an address without its query. */
  readonly to: string | undefined;
  /** The region that S3 names with a redirect. */
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

/** The pass was told to stop while this call still waited for its turn, or for its reply. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('The pass was interrupted.');
  }
}
