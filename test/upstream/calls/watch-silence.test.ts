import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NoAnswer } from '../../../src/upstream/calls/connection-fault.ts';
import { watchSilence } from '../../../src/upstream/calls/watch-silence.ts';

const WHOM = 'http://service';
let said: string[] = [];

function watched() {
  return watchSilence(
    (sentence) => void said.push(sentence),
    () => Date.now(),
  );
}

beforeEach(() => {
  said = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('an endpoint', () => {
  it('is reported as silent within two seconds if no connection can be made', () => {
    watched().asked(WHOM);
    vi.advanceTimersByTime(2000);
    expect(said).toEqual([expect.stringContaining(`${WHOM} has not answered for 1 second: nothing has come back`)]);
  });

  it('is reported as silent if its first answer does not come within three seconds after it accepted the connection', () => {
    const watch = watched();
    watch.asked(WHOM);
    watch.connected(WHOM);
    vi.advanceTimersByTime(3000);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(said).toHaveLength(1);
  });

  it('is never reported as silent if it answers within three seconds, however often it is asked', () => {
    const watch = watched();
    for (let n = 0; n < 20; n++) {
      watch.asked(WHOM);
      watch.connected(WHOM);
      vi.advanceTimersByTime(3000);
      watch.answered(WHOM);
    }
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
  });

  it('has twenty seconds for an answer if it has answered before', () => {
    const watch = watched();
    watch.asked(WHOM);
    watch.answered(WHOM);
    watch.asked(WHOM);
    vi.advanceTimersByTime(19_000);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(said).toEqual([expect.stringContaining('has not answered for 20 seconds')]);
  });

  it('is reported at once, with the reason, if it refuses connections', () => {
    const watch = watched();
    watch.asked(WHOM);
    watch.failed(WHOM, refused);
    vi.advanceTimersByTime(600);
    expect(said).toEqual([expect.stringContaining("it can't be reached (connect ECONNREFUSED)")]);
  });

  it('is reported as answering if it answers with an error that does not come from its service; the report quotes the answer', () => {
    const watch = watched();
    watch.asked(WHOM);
    watch.failed(WHOM, new NoAnswer(503, 'text/html'));
    vi.advanceTimersByTime(600);
    expect(said).toEqual([expect.stringContaining('the answer from there has status 503 and text/html')]);
    expect(said[0]).not.toContain('has not answered');
  });
});
