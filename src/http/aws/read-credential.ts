import { AwsError } from './aws-error.ts';

/** What a Signature Version 4 says about its caller. Nothing in it is verified yet: `resolveScope` does that. */
export interface Credential {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly form: 'header' | 'presigned';
}

/** The only algorithm that is supported. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Returns the credential of a request, from its Authorization header or its presigned query. Throws
 * MissingAuthenticationTokenException if both are absent, InvalidSignatureException if both are present, and
 * IncompleteSignatureException if a part is missing or malformed.
 */
export function readCredential(headers: Headers, query: URLSearchParams): Credential {
  const header = headers.get('authorization') ?? '';
  const isPresigned = query.has('X-Amz-Algorithm');
  if (header !== '' && isPresigned) {
    throw new AwsError(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (isPresigned) return presigned(query);
  if (header === '') throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  return signedByHeader(header, headers.has('x-amz-date') || headers.has('date'));
}

function signedByHeader(header: string, isDated: boolean): Credential {
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) {
    throw new AwsError('IncompleteSignatureException', `Unsupported AWS 'algorithm': '${algorithm}'.`);
  }
  const parts = new Map<string, string>();
  for (const part of rest.join('').split(',')) {
    const [name = '', ...value] = part.split('=');
    parts.set(name, value.join('='));
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!isDated) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length > 0) {
    throw new AwsError('IncompleteSignatureException', `${missing.join(' ')} Authorization=${algorithm}`);
  }
  return credential(
    parts.get('Credential') ?? '',
    parts.get('SignedHeaders') ?? '',
    parts.get('Signature') ?? '',
    'header',
  );
}

function presigned(query: URLSearchParams): Credential {
  const missing = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  if (missing.length > 0) throw new AwsError('IncompleteSignatureException', missing.join(' '));
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Unsupported AWS 'algorithm': '${query.get('X-Amz-Algorithm')}'.`,
    );
  }
  return credential(
    query.get('X-Amz-Credential') ?? '',
    query.get('X-Amz-SignedHeaders') ?? '',
    query.get('X-Amz-Signature') ?? '',
    'presigned',
  );
}

function credential(scope: string, signedHeaders: string, signature: string, form: Credential['form']): Credential {
  const parts = scope.split('/');
  // An access key id may contain slashes, so the scope is read from its end.
  const [date = '', region = '', service = '', terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (parts.length < 5 || terminator !== 'aws4_request' || accessKeyId === '' || region === '' || service === '') {
    throw new AwsError(
      'IncompleteSignatureException',
      `Credential must have at least 5 slash-delimited elements and end in 'aws4_request', got '${scope}'.`,
    );
  }
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature, form };
}
