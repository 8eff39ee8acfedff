import { post } from '../../simulator/clients.ts';
import type { Body, ListingRequest } from './conformance/conformance-requests.ts';

/** The reply to a request for an operation, so that a test can check its form. */
export interface Reply {
  readonly operation: string;
  readonly status: number;
  readonly text: string;
}

export type Item = Readonly<Record<string, unknown>>;

export interface Question {
  readonly operation: string;
  /** JSON, or the text of a body that is not JSON. */
  readonly body: Body | string;
  readonly isSigned?: boolean;
  readonly accessKeyId?: string;
  readonly region?: string;
}

/** Sends one request as bytes, and adds its reply to `replies`. */
export async function ask(
  endpoint: { readonly url: string },
  { operation, body, ...signed }: Question,
  replies: Reply[] = [],
): Promise<Reply> {
  const { status, text } = await post(endpoint, body, { target: `AmazonSSM.${operation}`, ...signed });
  const reply = { operation, status, text };
  replies.push(reply);
  return reply;
}

/** The items and the token in a list's reply. Throws if the reply is not a list. */
export function readPage({ operation, status, text }: Reply): { items: Item[]; token: string | undefined } {
  const { [operation.slice('List'.length)]: items, NextToken: token, ...others } = JSON.parse(text);
  if (status !== 200 || !Array.isArray(items) || Object.keys(others).length > 0) throw new Error(`${status}: ${text}`);
  return { items, token };
}

/** The pages of a listing to its end. Throws if a token comes twice or a reply is not a page. */
export async function readPages(
  endpoint: { readonly url: string },
  { operation, body }: ListingRequest,
  replies: Reply[] = [],
): Promise<Item[][]> {
  const pages: Item[][] = [];
  const tokens = new Set<string>();
  for (let token: string | undefined; ; ) {
    const reply = await ask(endpoint, { operation, body: { ...body, NextToken: token } }, replies);
    const page = readPage(reply);
    pages.push(page.items);
    token = page.token;
    if (token === undefined) return pages;
    if (token === '' || tokens.has(token)) throw new Error(`The token of page ${pages.length} has come before.`);
    tokens.add(token);
  }
}
