import { SECOND_MS } from '../../lib/time.ts';
import { connectionFault, NoAnswer } from './connection-fault.ts';

/** The name that stands for the source of credentials; endpoints are named by their addresses. */
export const CREDENTIALS = 'what gives credentials';

/**
 * How long to wait before there is a connection. This is short because a person should read the sentence within five
 * seconds, and starting a server and its collector takes part of them.
 */
const FIRST_MS = 1.2 * SECOND_MS;
/** How long to wait with a connection, before the first answer: a service that is only slow may take three seconds. */
const CONNECTED_MS = 3.2 * SECOND_MS;
/** If the reason is already known, a shorter wait is enough. */
const KNOWN_MS = SECOND_MS / 2;
/** An endpoint that has answered before gets more time. */
const LATER_MS = 20 * SECOND_MS;
const AGAIN_MS = 30 * SECOND_MS;

/**
 * Watches which endpoints do not answer, and reports them while they are asked again, because a pass may try for
 * minutes before it gives up.
 */
export interface SilenceWatch {
  asked(whom: string): void;
  /** A connection to the endpoint exists, so something is there and may only be slow. */
  connected(whom: string): void;
  /** An attempt failed; the next sentence gives the reason. */
  failed(whom: string, error: unknown): void;
  answered(whom: string): void;
  /** An attempt is over without showing whether the endpoint answers. */
  ended(whom: string): void;
  end(): void;
}

interface Reason {
  clause: string;
  /** Whether something has answered that is not the working service. */
  isAnswer: boolean;
}

interface Silent {
  sinceMs: number;
  reason: Reason | undefined;
  hasAnswered: boolean;
  isSaid: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Creates a watch on a clock that only goes forward. */
export function watchSilence(say: (sentence: string) => void, monotonicMs = () => performance.now()): SilenceWatch {
  const all = new Map<string, Silent>();

  function wait(whom: string, silent: Silent, ms: number): void {
    clearTimeout(silent.timer);
    silent.timer = setTimeout(() => {
      const seconds = Math.max(1, Math.round((monotonicMs() - silent.sinceMs) / SECOND_MS));
      silent.isSaid = true;
      say(sentenceOf(whom, seconds, silent.reason));
      wait(whom, silent, AGAIN_MS);
    }, ms);
    silent.timer.unref();
  }

  function quiet(whom: string, hasAnswered: boolean): void {
    const silent = all.get(whom);
    if (!silent) return;
    clearTimeout(silent.timer);
    Object.assign(silent, {
      timer: undefined,
      reason: undefined,
      isSaid: false,
      hasAnswered: silent.hasAnswered || hasAnswered,
    });
  }

  return {
    asked(whom) {
      const silent = all.get(whom) ?? {
        sinceMs: 0,
        reason: undefined,
        hasAnswered: false,
        isSaid: false,
        timer: undefined,
      };
      all.set(whom, silent);
      if (silent.timer !== undefined) return;
      silent.sinceMs = monotonicMs();
      wait(whom, silent, silent.hasAnswered ? LATER_MS : FIRST_MS);
    },
    connected(whom) {
      const silent = all.get(whom);
      if (!silent || silent.timer === undefined || silent.isSaid || silent.hasAnswered) return;
      if (silent.reason !== undefined) return;
      wait(whom, silent, Math.max(0, CONNECTED_MS - (monotonicMs() - silent.sinceMs)));
    },
    failed(whom, error) {
      const silent = all.get(whom);
      const clause = connectionFault(error);
      if (!silent || clause === undefined) return;
      const isFirst = silent.reason === undefined && !silent.isSaid;
      silent.reason = { clause, isAnswer: error instanceof NoAnswer };
      const waitedMs = monotonicMs() - silent.sinceMs;
      if (isFirst && silent.timer !== undefined) wait(whom, silent, Math.max(0, KNOWN_MS - waitedMs));
    },
    answered: (whom) => quiet(whom, true),
    ended: (whom) => quiet(whom, false),
    end() {
      for (const whom of all.keys()) quiet(whom, false);
    },
  };
}

function counted(seconds: number): string {
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

function sentenceOf(whom: string, seconds: number, reason: Reason | undefined): string {
  if (whom === CREDENTIALS)
    return `No credentials have come for ${counted(seconds)}: check what provides them (credential_process, single sign-on, or the metadata service of this machine or container). Still waiting for them.`;
  if (reason?.isAnswer) return `${whom} does not answer like the service: ${reason.clause}. It is asked again.`;
  const why =
    reason?.clause ??
    'nothing has come back, not even a refusal. Look for a firewall or a proxy on the way, and check the address';
  return `${whom} has not answered for ${counted(seconds)}: ${why}. It is asked again.`;
}
