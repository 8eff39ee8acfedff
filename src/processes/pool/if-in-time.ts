import { ReadQueueFull, ReadTimedOut } from './errors.ts';

/** What an answer can do without: undefined where reading it takes too long, or would have to wait behind too many others. */
export async function ifInTime<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ReadTimedOut || error instanceof ReadQueueFull) return undefined;
    throw error;
  }
}
