import { visibleText } from '../../../lib/text/visible-text.ts';

/** What is wrong with a field, in the words of the code that read it: "must be …". */
export function Fault({ id, fault }: { id?: string | undefined; fault: string }) {
  return (
    <strong class="fault" id={id}>
      {visibleText(`It ${fault}${fault.endsWith('.') ? '' : '.'}`)}
    </strong>
  );
}
