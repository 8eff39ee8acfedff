import { ReplyUnreadable } from '../errors.ts';
import { STS_ELEMENTS, type StsOperation } from './good-replies.ts';

/**
 * Throws ReplyUnreadable for a reply of STS, with status 200, that has not what it must have. Its text is looked at before the SDK parses it:
 * the SDK ends in an error of its own making where the reply is not XML at all, and takes any text for an account.
 */
export function refuseBadSts(body: Buffer, operation: StsOperation): void {
  const text = body.toString('utf8');
  for (const [element, { form, what }] of Object.entries(STS_ELEMENTS[operation])) {
    const [, value = ''] = new RegExp(`<(?:\\w+:)?${element}>([^<]*)</`).exec(text) ?? [];
    if (!form.test(value.trim()))
      throw new ReplyUnreadable(`STS named no ${what.replace(/^an? /, '')} in its reply to ${operation}.`);
  }
}
