import { onStopSignal, outliveStopSignals } from '../process/stop-signals.ts';
import { endWithParent } from './end-with-parent.ts';
import type { NamedError } from './named-error.ts';
import type { AnswerOf, EventMessage, FromChild, InputOf, Protocol, ToChild } from './protocol.ts';
import { sendError } from './send-error.ts';

/** Sends a report to the parent during the work on a question. */
export type Say<P extends Protocol> = <Name extends keyof P['events']>(name: Name, value: P['events'][Name]) => void;

/** The function that answers each question. */
export type Handlers<P extends Protocol> = {
  [Name in keyof P['asks']]: (
    input: InputOf<P['asks'][Name]>,
    say: Say<P>,
  ) => AnswerOf<P['asks'][Name]> | Promise<AnswerOf<P['asks'][Name]>>;
};

export interface ServeOptions<P extends Protocol> {
  /** The errors that keep their class on the way to the parent. All others arrive as a ChildError. */
  errors?: readonly NamedError[];
  /** The function that receives each message that is not a question. */
  tells: { [Name in keyof P['tells']]: (value: P['tells'][Name]) => void };
  /** What this process reports once it has started. */
  ready(): P['ready'];
  /**
   * Ends the current work. Called when the parent is gone, or when a terminal or service manager sends a stop signal.
   * For programs that can handle events during their work. Without `stop`, the process exits at once when the parent is
   * gone, and ignores stop signals.
   */
  stop?: () => void;
  /** Whether this process ends after its first answer. */
  isOnce?: boolean;
}

/**
 * Answers the parent's questions one after another, and ends this process if the parent ends. The parent must have used
 * startChild. A program calls this once, in its main function.
 */
export function serveParent<P extends Protocol>(
  handlers: Handlers<P>,
  { errors = [], tells, ready, stop, isOnce = false }: ServeOptions<P>,
): void {
  process.on('disconnect', stop ?? (() => process.exit()));
  // This is checked because the parent may have ended before the listener was added.
  if (!process.connected) process.exit();
  if (stop) onStopSignal(() => stop());
  // Terminals and service managers send stop signals to all processes. This process ignores them: the parent may still
  // need this process, and will end it.
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

/** If the parent is gone, nothing is sent. The closed channel already ends this process or its work. */
function send<P extends Protocol>(message: FromChild<P>, sent: () => void = () => {}): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, sent);
  else sent();
}
