import type { SealProgress } from '../../../processes/lake/sealer-protocol.ts';
import type { Terminal } from '../../terminal.ts';
import { counted, cutTo } from '../../text/format.ts';

/** Shows the progress of a seal: on a terminal a line that is redrawn, elsewhere a line for each sealed day. */
export interface SealProgressDisplay {
  show(progress: SealProgress): void;
  end(): void;
}

export function createSealProgress(terminal: Terminal): SealProgressDisplay {
  let isDrawn = false;
  return {
    show(progress) {
      if (terminal.isInteractive) {
        terminal.draw(cutTo(sentenceOf(progress), terminal.noteWidth));
        isDrawn = true;
      } else if (progress.step === 'committed') terminal.note(sentenceOf(progress));
    },
    end() {
      if (isDrawn) terminal.erase();
      isDrawn = false;
    },
  };
}

function sentenceOf({ step, day, invocations = 0 }: SealProgress): string {
  if (step === 'staged') return `${day}: written, now it is read again`;
  if (step === 'checked') return `${day}: every row and leaf is the archive's`;
  if (step === 'intended' || step === 'put') return `${day}: being put into the lake`;
  if (step === 'committed') return `${day}: sealed, now its rows go from the archive's file`;
  if (step === 'removed') return `${day}: ${counted(invocations, 'invocation')} gone from the archive's file`;
  if (step === 'back') return `${day}: ${counted(invocations, 'invocation')} back`;
  if (step === 'buried') return `${day}: pruned, now its objects go from the lake`;
  if (step === 'pruned') return `${day}: pruned, now it is sealed again`;
  if (step === 'gone') return `${day}: gone from the lake`;
  if (step === 'forgotten') return `${day}: done`;
  return `${day}: its proof is in the lake`;
}
