import { createDraws, fraction, keyOfText, mix, pick } from '../draw.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { ManagedNode } from '../fleet/create-nodes.ts';
import type { DocumentStep } from '../fleet/documents.ts';
import { OUTPUT_WRITERS } from '../fleet/output-kinds.ts';
import type { InvocationPlan } from '../fleet/plan-invocation.ts';
import { cutOutput, streamsCut } from './cut-output.ts';
import { LONG_OUTPUTS, type LongOutput, TAIL_BYTES, TAIL_KINDS } from './long-outputs.ts';
import { type Filler, writeFiller } from './write-filler.ts';

/** What a step wrote to one of its streams: a beginning, and what follows it. */
export interface WrittenStream {
  readonly head: string;
  readonly rest?: Filler;
}

/** Both streams of a step, and how ListCommandInvocations shows them. */
export interface ShownOutput {
  readonly shown: string;
  readonly stdout: WrittenStream;
  readonly stderr: WrittenStream;
}

export type StreamName = 'stdout' | 'stderr';

/** How many different outputs of a step many nodes share; the first is far more frequent than the last. */
const COMMON_VARIANTS = 60;
const COMMON_SHARE = 0.56;
const common = new Map<string, ShownOutput>();
/** The bytes of a long stream that are enough to know how it is cut. */
const ENOUGH_BYTES = 4096;

/**
 * Returns what a step that has run wrote: a pure function of the invocation. Its bytes are often the same as on other
 * nodes. Nothing long is made here: `wholeStream` does that when somebody asks for it.
 */
export function stepOutput(command: CommandPlan, plan: InvocationPlan, index: number, node: ManagedNode): ShownOutput {
  const step = command.document.steps[index];
  const life = plan.steps[index];
  if (!step || !life) return { stdout: { head: '' }, stderr: { head: '' }, shown: '' };
  if (life.isSkipped) return skipped(step);
  const key = mix(plan.key, 60 + index);
  if (command.longOutputShare > 0 && fraction(key, 3) < command.longOutputShare) return longOutput(key);
  const failure = life.status === 'Failed' ? failureOf(life.code) : '';
  if (fraction(key, 1) < COMMON_SHARE) {
    const variant = Math.floor(fraction(key, 2) ** 2 * COMMON_VARIANTS);
    return remembered(`${step.output}/${step.name}/${variant}/${life.code}/${failure}`, () =>
      write(step, mix(keyOfText(step.name), variant), 'localhost', failure),
    );
  }
  return write(step, key, node.host, failure);
}

/** Returns all bytes of a stream. */
export function wholeStream({ head, rest }: WrittenStream): Buffer {
  return rest ? Buffer.concat([Buffer.from(head), writeFiller(rest)]) : Buffer.from(head);
}

/** Returns how many bytes a stream has, without making them. */
export function sizeOfStream({ head, rest }: WrittenStream): number {
  return Buffer.byteLength(head) + (rest?.bytes ?? 0);
}

function write(step: DocumentStep, key: number, host: string, failure: string): ShownOutput {
  const { stdout, stderr } = OUTPUT_WRITERS[step.output](createDraws(key), host);
  const whole = { stdout, stderr: stderr + failure };
  const shown = cutOutput(whole);
  // What is behind a cut never changes how the beginning is cut, so `shown` is right for the whole streams too.
  const isCut = streamsCut(whole);
  return {
    shown,
    stdout: isCut.stdout ? withTail(whole.stdout, mix(key, 71)) : { head: whole.stdout },
    stderr: isCut.stderr ? withTail(whole.stderr, mix(key, 72)) : { head: whole.stderr },
  };
}

function withTail(head: string, key: number): WrittenStream {
  const kind = pick(TAIL_KINDS, fraction(key, 1));
  const bytes = pick(TAIL_BYTES, fraction(key, 2));
  return bytes === 0 ? { head } : { head, rest: { kind, bytes, key } };
}

function longOutput(key: number): ShownOutput {
  const { stdout, stderr } = pick(LONG_OUTPUTS, fraction(key, 4));
  const filler = ([kind, bytes]: LongOutput[StreamName], salt: number): Filler => ({
    kind,
    bytes,
    key: mix(key, salt),
  });
  const out = filler(stdout, 5);
  const error = filler(stderr, 6);
  const beginning = (of: Filler) => writeFiller(of, ENOUGH_BYTES).toString();
  const shown = cutOutput({ stdout: beginning(out), stderr: beginning(error) });
  return { shown, stdout: { head: '', rest: out }, stderr: { head: '', rest: error } };
}

function failureOf(code: number): string {
  return code === 3010 ? 'A reboot is required: exit status 3010' : `failed to run commands: exit status ${code}`;
}

function skipped({ name, only }: DocumentStep): ShownOutput {
  return remembered(`skipped/${name}`, () => {
    const stdout = `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, ${only}]'. Step name: ${name}`;
    return { stdout: { head: stdout }, stderr: { head: '' }, shown: stdout };
  });
}

function remembered(key: string, make: () => ShownOutput): ShownOutput {
  const known = common.get(key);
  if (known) return known;
  const made = make();
  common.set(key, made);
  return made;
}
