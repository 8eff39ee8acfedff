import type { Readable } from 'node:stream';
import { z } from 'zod';
import { parseJsonBytes } from '../lib/parse-json-bytes.ts';
import { ReplyUnreadable } from './errors.ts';

const replyForm = z.object({
  CommandInvocations: z.array(z.unknown()).nullish(),
  Commands: z.array(z.unknown()).nullish(),
  NextToken: z.string().nullish(),
});

/** A page as the service wrote it: the items with every member, modelled or not, and the token of the next page. */
export interface ReplyPage {
  items: unknown[];
  nextToken: string | undefined;
  /** What an archive, asked in the service's place, says of its own coverage; undefined from the service itself. */
  coverage?: string | undefined;
  /** The x-amzn-RequestId of the reply, by which CloudTrail knows the call; undefined where it has none. */
  requestId?: string | undefined;
}

/**
 * The page in a reply's body. An empty token counts as none: asking with it would list from the start again.
 * Throws ReplyUnreadable for a body that is cut short or of another form.
 */
export function parseReply(body: Buffer): ReplyPage {
  let json: unknown;
  try {
    json = parseJsonBytes(body);
  } catch (error) {
    throw new ReplyUnreadable(`The reply is not whole JSON (${String(error)}).`);
  }
  const reply = replyForm.safeParse(json);
  if (!reply.success)
    throw new ReplyUnreadable(`The reply has not the form of a listing (${z.prettifyError(reply.error)}).`);
  const { CommandInvocations, Commands, NextToken } = reply.data;
  return { items: CommandInvocations ?? Commands ?? [], nextToken: NextToken || undefined };
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
