import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestEnd } from '../on-test-end.ts';

/** A client that has read the beginning of an answer and reads no more. */
export interface HalfRead {
  socket: Socket;
  /** Reads the rest until the connection ends, and returns whether the answer was complete. */
  rest(): Promise<{ isWhole: boolean }>;
}

/** Asks for a path and reads no further than the first bytes. */
export async function readHalf(url: string, path: string, headers = ''): Promise<HalfRead> {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestEnd(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
  let [end]: Buffer[] = await once(socket, 'data');
  socket.pause();
  if (!end?.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(`Refused: ${String(end)}`);
  return {
    socket,
    async rest() {
      socket.on('data', (chunk: Buffer) => {
        end = chunk;
      });
      socket.resume();
      if (!socket.closed) await once(socket, 'close');
      return { isWhole: end?.toString('latin1').endsWith('0\r\n\r\n') ?? false };
    },
  };
}
