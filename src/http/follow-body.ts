/** How a stream ended: all of it was read, its reader went away, or its source broke. */
export type BodyEnd = 'complete' | 'aborted' | 'failed';

/** The same bytes, at the pace of their reader. Calls `onEnd` once, with how many were read. */
export function followBody(
  body: ReadableStream<Uint8Array>,
  onEnd: (end: BodyEnd, bytes: number) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  let hasEnded = false;
  const end = (how: BodyEnd) => {
    if (!hasEnded) onEnd(how, bytes);
    hasEnded = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (hasEnded) return;
          if (done) {
            end('complete');
            controller.close();
          } else {
            bytes += value.byteLength;
            controller.enqueue(value);
          }
        } catch (error) {
          end('failed');
          controller.error(error);
        }
      },
      cancel(reason) {
        end('aborted');
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead, so that what is counted was asked for.
    { highWaterMark: 0 },
  );
}
