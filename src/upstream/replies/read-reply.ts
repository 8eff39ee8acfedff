import type { Readable } from 'node:stream';
import { jsonElements } from '../../lib/json/json-parts.ts';
import { parseJsonBytes } from '../../lib/json/parse-json-bytes.ts';
import { visibleText } from '../../lib/text/visible-text.ts';
import { asMembers, type Members } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';
import { LISTS, type ListOperation } from './good-replies.ts';

/**
 * A reply as the service wrote it: its items with every member, in the SDK's model or not, and the token of the next
 * reply.
 */
export interface ListReply {
  items: unknown[];
  nextToken: string | undefined;
  /** What an archive that was asked instead of AWS states about its coverage; undefined if AWS answered. */
  coverage?: string | undefined;
  /** The x-amzn-RequestId of the reply, which CloudTrail has for the same call; undefined if the reply has none. */
  requestId?: string | undefined;
}

/**
 * Reads a reply's body. A good reply has the array of its operation, which may be empty; an object without
 * that array is not an empty listing, whatever else it has. An empty token counts as none: asking with it would list
 * from the start again. Throws ReplyUnreadable if the body is cut short or has another form.
 */
export function parseReply(body: Buffer, operation: ListOperation): ListReply {
  let json: unknown;
  try {
    json = parseJsonBytes(body);
  } catch (error) {
    throw new ReplyUnreadable(`The reply to ${operation} is not complete JSON (${String(error)}).`);
  }
  const reply = asMembers(json);
  const list = LISTS[operation];
  if (!reply) throw new ReplyUnreadable(`The reply to ${operation} is not a JSON object.`);
  const { [list]: items, NextToken: token } = reply;
  if (!Array.isArray(items))
    throw new ReplyUnreadable(
      `The reply to ${operation} has no list ${list}${wordOf(reply, list)}, so it does not show what exists.`,
    );
  if (token !== undefined && token !== null && typeof token !== 'string')
    throw new ReplyUnreadable(`The reply to ${operation} has a NextToken that is not a string.`);
  for (const name of [list, 'NextToken'])
    if (isRepeated(body, name)) throw new ReplyUnreadable(`The reply to ${operation} has ${name} twice.`);
  return { items, nextToken: token || undefined };
}

/**
 * Returns the value that the reply has under the list's name, and the error that the service sent with status 200, if
 * there is one.
 */
function wordOf(reply: Members, list: string): string {
  const type = typeof reply.__type === 'string' ? `, and the error ${visibleText(reply.__type).slice(0, 100)}` : '';
  if (!(list in reply)) return type;
  const { [list]: value } = reply;
  return ` (it is ${value === null ? 'null' : `of the type ${typeof value}`})${type}`;
}

/**
 * Whether the reply has a member of this name twice: JSON.parse keeps only the last, and the first would be lost. The
 * body is parsed a second time only if the name occurs in it more than once.
 */
function isRepeated(body: Buffer, name: string): boolean {
  const quoted = `"${name}"`;
  if (body.indexOf(quoted) === body.lastIndexOf(quoted)) return false;
  const elements = jsonElements(body.toString('latin1'));
  return elements.filter((element) => element.startsWith(quoted)).length > 1;
}

/**
 * Returns all bytes of a response body. Rejects with the socket's error if the connection ends early, and with
 * ReplyUnreadable if nothing more comes for `idleMs`: an open connection in the middle of a reply would otherwise hold
 * a pass for ever.
 */
export async function readBody(body: Readable, idleMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stall = () => body.destroy(new ReplyUnreadable(`The reply paused in its middle for ${idleMs / 1000} seconds.`));
  const timer = setTimeout(stall, idleMs);
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
