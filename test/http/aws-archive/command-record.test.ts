import { expect, it } from 'vitest';
import { commandRecord } from '../../../src/http/aws-archive/command-record.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';

it('a command has the members that no column can hold where AWS had them', () => {
  const raw = {
    ...{ CommandId: 'c', Parameters: ['ls'], TargetCount: '7', Brand: { New: 1 } },
    NotificationConfig: { NotificationArn: 'a', NotificationTopic: 'new' },
    CloudWatchOutputConfig: { Streams: [] },
  };
  const { columns } = observeCommand(raw);
  expect(commandRecord({ commandId: 'c', ...columns })).toEqual(raw);
});
