export const SERVED = { status: 200, code: undefined, message: undefined };

/** The answer to each kind of wrong request, by its name. */
export async function answers<Case>(
  cases: readonly (readonly [string, Case, unknown])[],
  ask: (value: Case) => Promise<object>,
) {
  const given: Record<string, object> = {};
  const expected: Record<string, unknown> = {};
  for (const [name, value, reply] of cases) {
    const { text: _, ...rest } = (await ask(value)) as { text: string };
    given[name] = rest;
    expected[name] = reply;
  }
  return { given, expected };
}

export const invalid = (message: unknown) => ({ status: 400, code: 'InvalidSignatureException', message });
export const incomplete = (message: unknown) => ({ status: 400, code: 'IncompleteSignatureException', message });
export const unrecognized = (message: string) => ({ status: 400, code: 'UnrecognizedClientException', message });
export const MISMATCH = invalid(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);
export const UNSIGNED = {
  ...{ status: 400, code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
};
export const NO_SESSION = unrecognized(
  'The security token included in the request is invalid. An access key of this archive has no session token: unset AWS_SESSION_TOKEN.',
);
