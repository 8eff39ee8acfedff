/** The beginnings of the codes that Node and OpenSSL give to faults of TLS. */
const TLS =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH|INVALID_CA|CRL_|ERROR_IN_C)/;

/**
 * Returns why an endpoint did not answer and what to check, worded as the end of a sentence. Returns undefined if the
 * error does not show the reason.
 */
export function connectionFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof NoAnswer) return error.message;
  if (isUnknownHost(code))
    return `its host name can't be found (${error.message}). Check the region, DNS and AWS_ENDPOINT_URL`;
  if (isUnreached(code))
    return `it can't be reached (${error.message || code}). Check the network, a proxy, and AWS_ENDPOINT_URL`;
  if (isTlsFault(error))
    return `TLS with it failed (${code}: ${error.message}). Look for a proxy with its own certificate authority (NODE_EXTRA_CA_CERTS can name its certificates), and check whether the address begins with http or https`;
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return `it closed the connection (${code}). Look for a proxy on the way, and check whether the address begins with http or https`;
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT')
    return 'no connection, or no reply, came in time. Look for a firewall or a proxy on the way, and check AWS_ENDPOINT_URL';
  return undefined;
}

/** Whether the name of a host could not be found. */
export function isUnknownHost(code: string | undefined): boolean {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

export function isUnreached(code: string | undefined): boolean {
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH';
}

export function isTlsFault(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && TLS.test(error.code);
}

/** The answer did not come from a working service: its status shows this, or it is a page for browsers. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';

  constructor(status: number, contentType: string | undefined) {
    const page = contentType === undefined ? '' : ` and ${contentType}`;
    super(
      `the answer from there has status ${status}${page}. If it does not come from the service itself, look for a proxy or a login page on the way, and check AWS_ENDPOINT_URL`,
    );
  }
}
