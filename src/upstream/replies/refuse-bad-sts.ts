import { ReplyUnreadable } from '../errors.ts';
import { STS_ELEMENTS, type StsOperation } from './good-replies.ts';

/**
 * Throws ReplyUnreadable for a reply of STS with status 200 that lacks a required element. It checks the text before
 * the SDK parses it: for a reply that is not XML at all the SDK throws an error of its own, and the SDK accepts any
 * text as an account.
 */
export function refuseBadSts(body: Buffer, operation: StsOperation): void {
  const text = body.toString('utf8');
  for (const [element, { form, what }] of Object.entries(STS_ELEMENTS[operation])) {
    const [, value = ''] = new RegExp(`<(?:\\w+:)?${element}>([^<]*)</`).exec(text) ?? [];
    if (!form.test(value.trim()))
      throw new ReplyUnreadable(`STS named no ${what.replace(/^an? /, '')} in its reply to ${operation}.`);
  }
}
