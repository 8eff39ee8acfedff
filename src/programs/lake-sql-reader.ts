import { keepEngine, warmUpEngine } from '../lake/sql/keep-engine.ts';
import { selectFile } from '../lake/sql/select-file.ts';
import { selectJson } from '../lake/sql/select-json.ts';
import { selectLines } from '../lake/sql/select-lines.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import { findVerb, knownInput, serveReads } from '../processes/pool/serve-reads.ts';
import { createWear } from '../processes/sql/is-worn.ts';
import type { OfLake } from '../processes/sql/lake-reads.ts';

// The composition root of a process that answers SQL over the lake: processes/sql/create-lake-sql.ts starts them. It
// knows neither the archive nor the lake, but only the files that the description of a question names.
endVisibly();
await warmUpEngine();
const { engineOf } = keepEngine();
const streams = { selectJson, selectLines, selectFile };
serveReads({
  read: ({ name }) => findVerb({}, name),
  async stream({ name, input }, { push }) {
    const asked: OfLake = knownInput(input);
    return await findVerb<(typeof streams)[keyof typeof streams]>(streams, name)(
      await engineOf(asked),
      knownInput(input),
      push,
    );
  },
  isWorn: createWear(),
});
