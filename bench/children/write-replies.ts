import { z } from 'zod';
import { writeReplies } from '../recording/reply-file.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Makes the replies that other processes measure. This process is separate, so that its memory is in no figure.
const { path, invocations, observedAt } = readInput(
  z.object({ path: z.string(), invocations: z.number(), observedAt: z.string().optional() }),
);

answerParent(
  () => {
    writeReplies(path, invocations, observedAt);
    return null;
  },
  () => {},
);
