import { readFileSync, writeFileSync } from 'node:fs';
import { serveParent } from '../../../src/lib/child/serve-parent.ts';
import { userFaults } from '../../../src/lib/child/user-faults.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import type { TrialProtocol } from './trial-protocol.ts';

const cell = new Int32Array(new SharedArrayBuffer(4));
let go = () => {};

serveParent<TrialProtocol>(
  {
    echo: (value) => value,
    arguments: () => process.argv.slice(2),
    environment: () => Object.keys(process.env),
    listeners: () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    async later({ value, afterMs }) {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      return value;
    },
    counts(to, say) {
      for (let n = 1; n <= to; n++) say('counted', n);
      return to;
    },
    waits: (value, say) =>
      new Promise((resolve) => {
        go = () => resolve(value);
        say('waiting', undefined);
      }),
    hangs(begun) {
      writeFileSync(begun, String(process.pid));
      for (;;) Atomics.wait(cell, 0, 0, 1000);
    },
    fails(how) {
      if (how === 'by a fault') throw new UserFault(['first', 'second'], { exitCode: 2 });
      if (how === 'by a code') readFileSync('/nowhere/at/all');
      throw new RangeError('too far');
    },
    exits: (code) => process.exit(code),
  },
  { errors: userFaults, tells: { go: () => go() }, ready: () => process.pid },
);
