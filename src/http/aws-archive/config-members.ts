import type { CloudWatchOutputConfigRecord, NotificationConfigRecord } from '../aws/records.ts';
import { present } from './member.ts';

/** NotificationConfig from its columns; none where it had no member. */
export function notificationMember(
  arn: string | null,
  eventsJson: string | null,
  type: string | null,
): { NotificationConfig?: NotificationConfigRecord } {
  if (arn === null && eventsJson === null && type === null) return {};
  const events = eventsJson === null ? null : (JSON.parse(eventsJson) as string[]);
  return {
    NotificationConfig: present({
      NotificationArn: arn,
      NotificationEvents: events,
      NotificationType: type,
    }),
  };
}

/** CloudWatchOutputConfig from its columns; none where it had no member. */
export function cloudWatchMember(
  logGroup: string | null,
  isEnabled: number | null,
): { CloudWatchOutputConfig?: CloudWatchOutputConfigRecord } {
  if (logGroup === null && isEnabled === null) return {};
  return {
    CloudWatchOutputConfig: present({
      CloudWatchLogGroupName: logGroup,
      CloudWatchOutputEnabled: isEnabled === null ? null : isEnabled === 1,
    }),
  };
}
