import { Text } from './values.tsx';

/** Says why the ledger is no longer signed; shows nothing if it is signed. */
export function Unsigned({ fault }: { fault: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p class="note bad">
      <strong>NOT SIGNED</strong>: <Text of={fault} />
    </p>
  );
}
