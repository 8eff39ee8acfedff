import { randomBytes, randomUUID } from 'node:crypto';

/** An error of S3, by S3's own name for it. Its reply is XML, and has no body at all if the request was a HEAD. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  /** More elements of the reply, such as `Key` and `BucketName`. */
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** Returns the reply of an error. */
export function errorReply(error: S3Error, isHead: boolean, date: Date): Response {
  const { status, code, message, details, headers } = error;
  const ids = requestIds();
  const all = { ...ids, ...headers, date: date.toUTCString(), server: 'AmazonS3' };
  if (isHead) return new Response(null, { status, headers: all });
  const members = { Code: code, Message: message, ...details, RequestId: ids['x-amz-request-id'] };
  return xmlReply(status, `<Error>${elements({ ...members, HostId: ids['x-amz-id-2'] })}</Error>`, all);
}

/** Returns a reply of XML. */
export function xmlReply(status: number, xml: string, headers: Readonly<Record<string, string>>): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  return new Response(body, { status, headers: { ...headers, 'content-type': 'application/xml' } });
}

/** Returns the two ids that every reply of S3 has. */
export function requestIds(): { 'x-amz-request-id': string; 'x-amz-id-2': string } {
  return {
    'x-amz-request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(),
    'x-amz-id-2': randomBytes(48).toString('base64'),
  };
}

/** Returns XML elements, one for each member. */
export function elements(members: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
