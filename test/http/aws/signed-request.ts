import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Signing {
  accessKeyId: string;
  secretAccessKey: string;
  date: Date;
  region?: string;
  service?: string;
  target?: string;
  /** A form of STS's Query protocol, instead of a target and JSON. */
  form?: Record<string, string>;
  body?: string;
  headers?: Record<string, string>;
  /** For how many seconds a presigned request is valid. If this is undefined, the signature is in a header. */
  expiresIn?: number;
}

const HOST = 'localhost';

/** A request to AmazonSSM, or a form to STS, as a client signs it: in the header, or presigned. */
export async function signedRequest(signing: Signing): Promise<Request> {
  const { accessKeyId, secretAccessKey, date, region = 'eu-west-1', service = 'ssm', expiresIn } = signing;
  const { target = 'AmazonSSM.ListCommandInvocations', form } = signing;
  const { body = form ? new URLSearchParams(form).toString() : '{}' } = signing;
  const signer = new SignatureV4({
    ...{ service, region, credentials: { accessKeyId, secretAccessKey }, applyChecksum: false },
    sha256: Hash.bind(null, 'sha256'),
  });
  const headers = {
    host: HOST,
    ...(form
      ? { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
      : { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }),
    ...signing.headers,
  };
  const request = { method: 'POST', protocol: 'http:', hostname: HOST, path: '/', headers, body };
  const signed =
    expiresIn === undefined
      ? await signer.sign(request, { signingDate: date })
      : await signer.presign(request, {
          ...{ signingDate: date, expiresIn },
          unhoistableHeaders: new Set(['x-amz-target']),
        });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(signed.query ?? {})) query.set(name, String(value));
  const search = query.size > 0 ? `?${query}` : '';
  return new Request(`http://${HOST}/${search}`, { method: 'POST', headers: signed.headers, body });
}

/** The request with something changed after it was signed. */
export async function altered(
  request: Request,
  change: { headers?: Record<string, string>; body?: string; url?: string },
): Promise<Request> {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(change.headers ?? {})) headers.set(name, value);
  const body = change.body ?? (await request.clone().text());
  return new Request(change.url ?? request.url, { method: 'POST', headers, body });
}
