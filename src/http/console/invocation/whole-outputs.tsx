import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import type { PluginView } from '../../../archive/invocations/invocation-view.ts';
import type { FullOutput } from '../../../archive/outputs/list-full-outputs.ts';
import type { InvocationOutputs } from '../../../archive/outputs/read-invocation-outputs.ts';
import { type Fetching, PLACE_NAMES, sayNotQueued, sayUnfetched } from '../../../archive/outputs/say-unfetched.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { isFinal } from '../../../model/final-status.ts';
import { NumberedOutput } from '../parts/outputs/numbered-output.tsx';
import { OutputCut, OutputFacts } from '../parts/outputs/output-facts.tsx';
import { pathOfFullOutput, pathOfRawOutput } from '../parts/values/paths.ts';
import { Text } from '../parts/values/values.tsx';

/** What was fetched of the steps of an invocation, and the texts that are small enough for its page. */
export interface WholeOutputsContent extends InvocationOutputs {
  fetching: Fetching | undefined;
  smallTexts: ReadonlyMap<number, string>;
}

interface OfStep extends WholeOutputsContent {
  invocation: InvocationKey & { status: string | null };
  plugin: Pick<PluginView, 'position' | 'name' | 'isOutputTruncated'>;
}

/** All that a step printed, as far as it was fetched; and if its output is cut and was not fetched, why. */
export function WholeOutputs({ invocation, plugin, fetched, unfetched, fetching, smallTexts }: OfStep) {
  const { position, name, isOutputTruncated } = plugin;
  const full = fetched.filter((one) => one.position === position);
  const waiting = unfetched.filter((one) => one.position === position);
  const isUnexplained = isOutputTruncated === true && full.length === 0 && waiting.length === 0;
  return (
    <>
      {full.map((one) => (
        <Whole invocation={invocation} full={one} stepName={name} text={smallTexts.get(one.outputId ?? 0)} />
      ))}
      {waiting.map((one) => (
        <p class="note">
          {full.length > 0 ? 'Not fetched from another place. ' : 'The rest was not fetched. '}
          {visibleText(sayUnfetched(one, fetching))}
        </p>
      ))}
      {isUnexplained && <p class="note">{sayNotQueued(fetching, isFinal(invocation.status))}</p>}
    </>
  );
}

interface OneWhole {
  invocation: InvocationKey;
  full: FullOutput;
  stepName: string | null;
  text: string | undefined;
}

function Whole({ invocation, full, stepName, text }: OneWhole) {
  const { position, stream, provenance, outputId, sizeBytes, name } = full;
  const label = text === undefined ? 'With line numbers' : 'On a page of its own';
  const what = `${stream} of step ${position + 1}, from ${PLACE_NAMES[provenance]}`;
  return (
    <section id={`step-${position + 1}-${stream}-${provenance}`}>
      <h4>
        {stream}, {sizeBytes === 0 ? 'nothing' : full.cutBy === null ? 'whole' : 'cut'}
      </h4>
      <OutputFacts full={full} />
      {name !== stepName && (
        <p class="note">
          When it was fetched, the step was called <Text of={name} />.
        </p>
      )}
      {outputId === null ? (
        <p class="note">
          Its text was kept, and has been pruned since. <a href="/integrity">Integrity</a> says why and by whom.
        </p>
      ) : (
        <>
          <OutputCut full={full} />
          {sizeBytes > 0 && (
            <p class="bar tools close">
              <a href={pathOfFullOutput(invocation, full)} aria-label={`${label}: ${what}`}>
                {label}
              </a>
              <a href={pathOfRawOutput(invocation, full)} aria-label={`Raw ${what}`}>
                Raw
              </a>
            </p>
          )}
          {text !== undefined && text !== '' && <NumberedOutput text={text} />}
        </>
      )}
    </section>
  );
}

/** What was fetched of steps that only an earlier state of the invocation had. */
export function EarlierOutputs({ invocation, content }: { invocation: InvocationKey; content: WholeOutputsContent }) {
  const { fetched, smallTexts } = content;
  return (
    <>
      <h3>Of steps that only an earlier state had</h3>
      {fetched.map((one) => (
        <>
          <p class="close">
            Step {one.position + 1}, <Text of={one.name} />
          </p>
          <Whole invocation={invocation} full={one} stepName={one.name} text={smallTexts.get(one.outputId ?? 0)} />
        </>
      ))}
    </>
  );
}
