import { visibleText } from '../../../lib/text/visible-text.ts';

/** The fault of a field, in the words of the code that read the field: "must be …". */
export function Fault({ id, fault }: { id?: string | undefined; fault: string }) {
  return (
    <strong class="fault" id={id}>
      {visibleText(`It ${fault}${fault.endsWith('.') ? '' : '.'}`)}
    </strong>
  );
}
