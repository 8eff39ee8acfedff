import { ReadQueueFull, ReadTimedOut } from './errors.ts';

/**
 * Reads something that an answer can do without. Returns undefined if reading takes too long or too many others wait.
 */
export async function ifInTime<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ReadTimedOut || error instanceof ReadQueueFull) return undefined;
    throw error;
  }
}
