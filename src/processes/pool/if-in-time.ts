import { ReadQueueFull, ReadTimedOut } from './errors.ts';

/** Reads an optional part of an answer. Returns undefined if reading takes too long or too many other reads wait. */
export async function ifInTime<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ReadTimedOut || error instanceof ReadQueueFull) return undefined;
    throw error;
  }
}
