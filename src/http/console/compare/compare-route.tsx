import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import { readInvocationWhole } from '../../../processes/pool/read-here-or-sealed.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage } from '../frame/respond-page.tsx';
import { NotRun } from '../parts/questions/not-run.tsx';
import { ComparePage } from './compare-page.tsx';

const FORM = 'must be account/region/command/node, as in the address of an invocation’s page';

/** `/compare?left=…&right=…`: two runs side by side. */
export function addCompareRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, readers, readDeadlineMs } = deps;
  const page = { title: 'Compare' } as const;

  app.get('/compare', async (c) => {
    const [left, right] = [c.req.query('left')?.trim() ?? '', c.req.query('right')?.trim() ?? ''];
    if (left === '' && right === '')
      return respondPage(deps, c, page, <ComparePage form={{ left, right, faults: {} }} />);
    const keys = {
      left: parseInvocationKey(left),
      right: right === 'previous' ? ('previous' as const) : parseInvocationKey(right),
    };
    if (!keys.left || !keys.right) {
      const faults = { ...(!keys.left && { left: FORM }), ...(!keys.right && { right: `${FORM}; or previous` }) };
      const asked = Object.entries(faults).map(([parameter, message]) => {
        const isMissing = (parameter === 'left' ? left : right) === '';
        return { parameter, message, ...(isMissing && { isMissing: true as const }) };
      });
      const form = <ComparePage form={{ left, right, faults }} />;
      return respondNotUnderstood(deps, c, page, { faults: asked, form });
    }
    const linked = linkedTo(c);
    if (linked)
      return respondPage(
        deps,
        c,
        page,
        <>
          <ComparePage form={{ left, right, faults: {} }} />
          <NotRun {...linked} />
        </>,
      );
    const answer = await readers.read(
      'readComparison',
      { left: keys.left, right: keys.right },
      readOptions(c, readDeadlineMs),
    );
    if ('missing' in answer) {
      const isFirst = answer.missing === 'right' && right === 'previous';
      const sentence = isFirst
        ? 'the archive has no earlier run of that document on that node'
        : 'the archive has no such invocation';
      const form = { left, right, faults: { [answer.missing]: sentence } };
      return respondPage(deps, c, { ...page, status: 404 }, <ComparePage form={form} />);
    }
    const side = (key: InvocationKey) =>
      readInvocationWhole({ archive, readers }, { key }, readOptions(c, readDeadlineMs));
    const sides = { left: await side(answer.left), right: await side(answer.right) };
    if (!sides.left || !sides.right) throw new Error('The runs to compare are not in the archive any more.');
    const found = { left: sides.left.invocation, right: sides.right.invocation, comparison: answer };
    return respondPage(deps, c, page, <ComparePage form={{ left, right, faults: {} }} found={found} />);
  });
}

function parseInvocationKey(text: string): InvocationKey | undefined {
  const [accountId, region, commandId, instanceId, ...more] = text.split('/');
  if (!accountId || !region || !commandId || !instanceId || more.length > 0) return undefined;
  return { accountId, region, commandId, instanceId };
}
