import { createDraws, fraction, keyOfText, mix } from '../draw.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { ManagedNode } from '../fleet/create-nodes.ts';
import type { DocumentStep } from '../fleet/documents.ts';
import { OUTPUT_WRITERS, type StepOutput } from '../fleet/output-kinds.ts';
import type { InvocationPlan } from '../fleet/plan-invocation.ts';
import { cutOutput } from './cut-output.ts';

export interface ShownOutput extends StepOutput {
  /** Both streams, as ListCommandInvocations has them. */
  readonly shown: string;
}

/** How many different outputs of a step many nodes share; the first is far more frequent than the last. */
const COMMON_VARIANTS = 60;
const COMMON_SHARE = 0.56;
const common = new Map<string, ShownOutput>();

/**
 * Returns what a step that has run wrote: a pure function of the invocation. Its bytes are often the same as on other
 * nodes.
 */
export function stepOutput(command: CommandPlan, plan: InvocationPlan, index: number, node: ManagedNode): ShownOutput {
  const step = command.document.steps[index];
  const life = plan.steps[index];
  if (!step || !life) return { stdout: '', stderr: '', shown: '' };
  if (life.isSkipped) return skipped(step);
  const key = mix(plan.key, 60 + index);
  const failure = life.status === 'Failed' ? failureOf(life.code) : '';
  if (fraction(key, 1) < COMMON_SHARE) {
    const variant = Math.floor(fraction(key, 2) ** 2 * COMMON_VARIANTS);
    return remembered(`${step.output}/${step.name}/${variant}/${life.code}/${failure}`, () =>
      write(step, mix(keyOfText(step.name), variant), 'localhost', failure),
    );
  }
  return write(step, key, node.host, failure);
}

function write(step: DocumentStep, key: number, host: string, failure: string): ShownOutput {
  const { stdout, stderr } = OUTPUT_WRITERS[step.output](createDraws(key), host);
  const whole = { stdout, stderr: stderr + failure };
  return { ...whole, shown: cutOutput(whole) };
}

function failureOf(code: number): string {
  return code === 3010 ? 'A reboot is required: exit status 3010' : `failed to run commands: exit status ${code}`;
}

function skipped({ name, only }: DocumentStep): ShownOutput {
  return remembered(`skipped/${name}`, () => {
    const stdout = `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, ${only}]'. Step name: ${name}`;
    return { stdout, stderr: '', shown: stdout };
  });
}

function remembered(key: string, make: () => ShownOutput): ShownOutput {
  const known = common.get(key);
  if (known) return known;
  const made = make();
  common.set(key, made);
  return made;
}
