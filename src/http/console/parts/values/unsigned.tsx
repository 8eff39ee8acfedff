import { Text } from './values.tsx';

/** Why the ledger is not signed any more, where it isn't. */
export function Unsigned({ fault }: { fault: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p class="note bad">
      <strong>NOT SIGNED</strong>: <Text of={fault} />
    </p>
  );
}
