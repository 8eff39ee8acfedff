/**
 * A reply shows an invocation of a sealed day that may be in the lake, and nobody has looked for it there. So its rows
 * have gone to the lake while the reply was compared, and the reply must be compared again.
 */
export class SealedMeanwhile extends Error {
  override name = 'SealedMeanwhile';

  constructor({ commandId, instanceId }: { commandId: string; instanceId: string }) {
    super(
      `The invocation of command ${commandId} on ${instanceId} was requested on a day that is sealed, and was not looked for in the lake. Collect with the lake in the configuration.`,
    );
  }
}
