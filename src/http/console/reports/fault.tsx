import { visibleText } from '../../../lib/text/visible-text.ts';

/** What is wrong with a field, as the parts that read it say it: "must be …". */
export function Fault({ id, fault }: { id?: string | undefined; fault: string }) {
  return (
    <strong class="fault" id={id}>
      {visibleText(`It ${fault}${fault.endsWith('.') ? '' : '.'}`)}
    </strong>
  );
}
