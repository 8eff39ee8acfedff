import type { SenderView } from '../../../archive/get-sender.ts';
import { Text, Time } from './values.tsx';

/** Who sent a command, as a line of its facts. */
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
            <Text of={sender.principalArn ?? sender.invokedBy ?? sender.principalType} />{' '}
            <span class="quiet">
              <Time at={sender.eventAt} /> from <Text of={sender.sourceIpAddress} /> by <Text of={sender.userAgent} />
            </span>
          </>
        )}
      </dd>
    </>
  );
}
