import { onStopSignal, outliveStopSignals } from '../process/stop-signals.ts';
import { endWithParent } from './end-with-parent.ts';
import type { NamedError } from './named-error.ts';
import type { AnswerOf, EventMessage, FromChild, InputOf, Protocol, ToChild } from './protocol.ts';
import { sendError } from './send-error.ts';

/** Says something while a question is worked on. */
export type Say<P extends Protocol> = <Name extends keyof P['events']>(name: Name, value: P['events'][Name]) => void;

/** What answers each question. */
export type Handlers<P extends Protocol> = {
  [Name in keyof P['asks']]: (
    input: InputOf<P['asks'][Name]>,
    say: Say<P>,
  ) => AnswerOf<P['asks'][Name]> | Promise<AnswerOf<P['asks'][Name]>>;
};

export interface ServeOptions<P extends Protocol> {
  /** The errors that reach the parent as they are; of all others it has a ChildError. */
  errors?: readonly NamedError[];
  /** What hears each thing that it is told. */
  tells: { [Name in keyof P['tells']]: (value: P['tells'][Name]) => void };
  /** What it says once it has come up. */
  ready(): P['ready'];
  /**
   * Ends what is under way where the parent is gone, or a terminal or a service manager says to stop, for a program that can
   * hear that at any time. Without it the process ends at once with its parent, and outlives what else tells it to stop.
   */
  stop?: () => void;
  /** Whether it ends after its first answer. */
  isOnce?: boolean;
}

/**
 * Answers the questions of the parent, which startChild made, one after the other, and sees to it that this process does not
 * outlive its parent. To be called once, by the main function of a program.
 */
export function serveParent<P extends Protocol>(
  handlers: Handlers<P>,
  { errors = [], tells, ready, stop, isOnce = false }: ServeOptions<P>,
): void {
  process.on('disconnect', stop ?? (() => process.exit()));
  // It may be gone since before there was a listener.
  if (!process.connected) process.exit();
  if (stop) onStopSignal(() => stop());
  // A terminal and a service manager tell all processes at once: the parent may still want something of this one, and ends it.
  else outliveStopSignals();

  function say<Name extends keyof P['events']>(name: Name, value: P['events'][Name]): void {
    const message: EventMessage<P> = { kind: 'event', name, value };
    send<P>(message);
  }
  async function answer<Name extends keyof P['asks']>(name: Name, input: InputOf<P['asks'][Name]>): Promise<void> {
    let last: FromChild<P>;
    try {
      last = { kind: 'answer', value: await handlers[name](input, say) };
    } catch (error) {
      last = { kind: 'failed', error: sendError(error, errors) };
    }
    send<P>(last, isOnce ? () => process.exit() : undefined);
  }
  function hear<Name extends keyof P['tells']>(name: Name, value: P['tells'][Name]): void {
    tells[name](value);
  }
  let answered = Promise.resolve();
  process.on('message', (message: ToChild<P>) => {
    if (message.kind === 'tell') hear(message.name, message.value);
    else answered = answered.then(() => answer(message.name, message.input));
  });
  const watched = stop ? Promise.resolve() : endWithParent(Number(process.argv.at(-1)));
  void watched.then(() => send<P>({ kind: 'ready', value: ready() }));
}

/** A parent that is gone can't be told anything: the channel's end ends this process, or its work. */
function send<P extends Protocol>(message: FromChild<P>, sent: () => void = () => {}): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, sent);
  else sent();
}
