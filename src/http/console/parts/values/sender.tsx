import type { SenderView } from '../../../../archive/commands/get-sender.ts';
import { Text, Time } from './values.tsx';

/** The name of the sender: the principal, or an AWS service that acted on its own. */
export function senderName({ principalArn, invokedBy, principalType }: SenderView): string {
  return principalArn ?? invokedBy ?? principalType ?? '';
}

/** The part of a principal's ARN that is unique in its account: `assumed-role/Patching/ada@example.com`. */
export function shortArn(arn: string): string {
  return arn.startsWith('arn:') ? arn.split(':').slice(5).join(':') : arn;
}

/** Who sent a command: one of the facts on its page. */
export function SenderFact({ sender }: { sender: SenderView | undefined }) {
  return (
    <>
      <dt>Sent by</dt>
      <dd>
        {sender === undefined ? (
          <span class="quiet">
            not known: <code>ssm-archive import-senders</code> brings it in from CloudTrail
          </span>
        ) : (
          <>
            <Text of={senderName(sender)} />{' '}
            <span class="quiet">
              <Time at={sender.eventAt} /> from <Text of={sender.sourceIpAddress} /> by <Text of={sender.userAgent} />
            </span>
          </>
        )}
      </dd>
    </>
  );
}
