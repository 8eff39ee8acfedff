import { randomUUID } from 'node:crypto';

/** A reply of STS's Query protocol. */
export interface QueryReply {
  readonly status: 200 | 400 | 403;
  readonly xml: string;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

type Members = { readonly [name: string]: string | Members };

/** The answer of an STS action. */
export function queryReply(action: string, result: Members): QueryReply {
  const body = `<${action}Result>${xml(result)}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return { status: 200, xml: `<${action}Response xmlns="${NAMESPACE}">${body}</${action}Response>` };
}

/** An error of the Query protocol. */
export function queryError(status: 400 | 403, code: string, message: string): QueryReply {
  const error = xml({ Error: { Type: 'Sender', Code: code, Message: message }, RequestId: randomUUID() });
  return { status, xml: `<ErrorResponse xmlns="${NAMESPACE}">${error}</ErrorResponse>` };
}

function xml(members: Members): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${typeof value === 'string' ? escapeXml(value) : xml(value)}</${name}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
