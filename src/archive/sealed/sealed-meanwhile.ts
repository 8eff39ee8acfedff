/**
 * A reply shows an invocation that may be in the lake, as others of its command are, and nobody has looked for it there.
 * So rows have gone to the lake while the reply was compared, and the reply must be compared again.
 */
export class SealedMeanwhile extends Error {
  override name = 'SealedMeanwhile';

  constructor({ commandId, instanceId }: { commandId: string; instanceId: string }) {
    super(
      `The invocation of command ${commandId} on ${instanceId} may be in the lake, as others of its command are, and was not looked for there. Collect with the lake in the configuration.`,
    );
  }
}
