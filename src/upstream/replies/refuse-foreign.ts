import { visibleText } from '../../lib/text/visible-text.ts';
import { ReplyForeign } from '../errors.ts';

const MOST_SHOWN = 80;
const HTML = /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i;

/** Whether a body is an HTML page that a proxy, a login portal or a web server sent instead of the service's reply. */
function isHtml(body: string): boolean {
  return HTML.test(body);
}

/** Returns the page's title as part of a sentence, in quotes; empty if it has none. */
function titleOf(html: string): string {
  const [, title = ''] = /<title[^>]*>([^<]*)</i.exec(html) ?? [];
  const shown = visibleText(title.replace(/\s+/g, ' ').trim()).slice(0, MOST_SHOWN);
  return shown === '' ? '' : ` with the title "${shown}"`;
}

export interface ForeignReply {
  status: number;
  body: Buffer;
  /** The name of the setting for the service's address, in words. */
  setting: string;
}

/** Throws ReplyForeign for a page of HTML, whatever its status. The SDK would only say that it can't be parsed. */
export function refuseHtml({ status, body, setting }: ForeignReply): void {
  const text = body.subarray(0, 4096).toString('utf8');
  if (isHtml(text)) throw new ReplyForeign(status, `a page of HTML${titleOf(text)}`, setting);
}

/**
 * Throws ReplyForeign for an error that is not JSON, of a service whose errors are JSON. An empty body is left to the
 * SDK, which has its status.
 */
export function refuseNoJson({ status, body, setting }: ForeignReply): void {
  const text = body.toString('utf8').trim();
  if (text === '') return;
  try {
    JSON.parse(text);
  } catch {
    const shown = visibleText(text.slice(0, MOST_SHOWN).replace(/\s+/g, ' '));
    throw new ReplyForeign(status, `text that is not JSON and begins with "${shown}"`, setting);
  }
}
