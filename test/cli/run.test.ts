import { expect, test } from 'vitest';
import { buildProgram, runProgram } from '../../controller/cli/program.ts';
import { addRun } from '../../controller/cli/run.ts';
import { bench } from './harness.ts';

test.each([
  // A pause between two looks that leaves no time for anything else.
  [['--resync', '0'], {}, 'too short'],
  [['--resync', '99ms'], {}, 'too short'],
  [[], { MUXLET_RESYNC: '0s' }, 'too short'],
  [['--listen', 'here'], {}, '"here" is no HOST:PORT'],
  [[], { MUXLET_LISTEN: '127.0.0.1:65536' }, 'is no HOST:PORT'],
  [['--log-format', 'xml'], {}, '"xml" is no format of a log'],
  [[], { MUXLET_LOG_FORMAT: 'xml' }, 'one of pretty, json, journal'],
] as const)('run says what is wrong with %j and %j, and does not begin', async (args, env, text) => {
  let said = '';
  let code = 0;
  const { deps } = await bench({ env, stderr: { write: (text) => (said += text) }, setExitCode: (is) => (code = is) });
  const program = await buildProgram(deps);
  addRun(program, deps, async () => 0);
  await runProgram(program, deps, ['run', ...args]);
  expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(text) });
});
