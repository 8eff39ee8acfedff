import type { Readable } from 'node:stream';
import { jsonElements } from '../../lib/json/json-parts.ts';
import { parseJsonBytes } from '../../lib/json/parse-json-bytes.ts';
import { visibleText } from '../../lib/text/visible-text.ts';
import { asMembers, type Members } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';
import { LISTS, type ListOperation } from './good-replies.ts';

/** A reply as the service wrote it: the items with every member, modelled or not, and the token of the next reply. */
export interface ListReply {
  items: unknown[];
  nextToken: string | undefined;
  /** What an archive, asked in the service's place, says of its own coverage; undefined from the service itself. */
  coverage?: string | undefined;
  /** The x-amzn-RequestId of the reply, by which CloudTrail knows the call; undefined where it has none. */
  requestId?: string | undefined;
}

/**
 * A reply by its body. It is good where it has the array of its operation, under that name: an object without one is no empty
 * listing, whatever else it has, and one that is empty is. An empty token counts as none: asking with it would list from the start again.
 * Throws ReplyUnreadable for a body that is cut short or of another form.
 */
export function parseReply(body: Buffer, operation: ListOperation): ListReply {
  let json: unknown;
  try {
    json = parseJsonBytes(body);
  } catch (error) {
    throw new ReplyUnreadable(`The reply to ${operation} is not whole JSON (${String(error)}).`);
  }
  const reply = asMembers(json);
  const list = LISTS[operation];
  if (!reply) throw new ReplyUnreadable(`The reply to ${operation} is no JSON object.`);
  const { [list]: items, NextToken: token } = reply;
  if (!Array.isArray(items))
    throw new ReplyUnreadable(
      `The reply to ${operation} has no list ${list}${wordOf(reply, list)}: it says nothing of what there is.`,
    );
  if (token !== undefined && token !== null && typeof token !== 'string')
    throw new ReplyUnreadable(`The reply to ${operation} has a NextToken that is no text.`);
  for (const name of [list, 'NextToken'])
    if (isRepeated(body, name)) throw new ReplyUnreadable(`The reply to ${operation} has ${name} twice.`);
  return { items, nextToken: token || undefined };
}

/** What it has there, and what the service calls the error that it sent with status 200, where it does. */
function wordOf(reply: Members, list: string): string {
  const type = typeof reply.__type === 'string' ? `, and the error ${visibleText(reply.__type).slice(0, 100)}` : '';
  if (!(list in reply)) return type;
  const { [list]: value } = reply;
  return ` (it is ${value === null ? 'null' : `of the type ${typeof value}`})${type}`;
}

/** JSON.parse keeps the last of two members of a name, so that the first would be lost. Most replies have the name once, and are not read again. */
function isRepeated(body: Buffer, name: string): boolean {
  const quoted = `"${name}"`;
  if (body.indexOf(quoted) === body.lastIndexOf(quoted)) return false;
  const elements = jsonElements(body.toString('latin1'));
  return elements.filter((element) => element.startsWith(quoted)).length > 1;
}

/**
 * All bytes of a response body. Rejects with the socket's error where the connection ends early, and with ReplyUnreadable
 * where nothing more comes for `idleMs`: a connection that stays open in the middle of a reply would hold a pass for ever.
 */
export async function readBody(body: Readable, idleMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stall = () =>
    body.destroy(new ReplyUnreadable(`The reply stopped in its middle for ${idleMs / 1000} seconds.`));
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
