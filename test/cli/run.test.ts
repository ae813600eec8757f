import { expect, test } from 'vitest';
import { buildProgram, runProgram } from '../../controller/cli/program.ts';
import { addRun } from '../../controller/cli/run.ts';
import { bench } from './harness.ts';

test.each([
  [['--resync', '0'], {}],
  [['--resync', '99ms'], {}],
  [[], { MUXLET_RESYNC: '0s' }],
] as const)('run refuses a pause between two looks that leaves no time for anything else: %j %j', async (args, env) => {
  let said = '';
  let code = 0;
  const { deps } = await bench({ env, stderr: { write: (text) => (said += text) }, setExitCode: (is) => (code = is) });
  const program = buildProgram(deps);
  addRun(program, deps, async () => 0);
  await runProgram(program, deps, ['run', ...args]);
  expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining('too short') });
});
