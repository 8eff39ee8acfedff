/** A reply with status 200 that is not what the API model promises: cut short, not JSON, or items without identity. */
export class ReplyUnreadable extends Error {
  override name = 'ReplyUnreadable';
  // The SDK's retry middleware takes this for leave to send the request again.
  readonly $retryable = { throttling: false };
}

/** The service refuses this source as a whole: no permission, no valid credentials, or the wrong account. */
export class SourceRefused extends Error {
  override name = 'SourceRefused';
}

/** A token stopped being accepted in the middle of a listing, which has to begin again. */
export class ListingExpired extends Error {
  override name = 'ListingExpired';
}

/** Listings of this source do not come to an end, however they are cut: going on would only load the service. */
export class ListingEndless extends Error {
  override name = 'ListingEndless';
}

/** The service does not know the operation at all (an emulator, or an archive in front of one). */
export class OperationUnknown extends Error {
  override name = 'OperationUnknown';
}

/** The pass was told to stop while this call still waited for its turn. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('The pass was interrupted.');
  }
}
