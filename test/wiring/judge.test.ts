import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesiredAgent } from '../../controller/api/desired.ts';
import type { RuleStatus } from '../../controller/api/generated/all.ts';
import { runInGroup } from '../../controller/exec/run-in-group.ts';
import type { SignQuestion } from '../../controller/runtime/signs/sign-keeper.ts';
import { createJudge } from '../../controller/wiring/judge.ts';

let directory: string;
let runs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muxlet-judged-'));
  runs = 0;
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Asks a real program, with evidence that says this. */
function judgeOf(script: string, timeoutMs = 10_000) {
  const judge = createJudge({
    directory: join(directory, 'judge'),
    start: ({ argv }, options) => {
      runs += 1;
      return runInGroup(argv, { ...options, env: { PATH: process.env['PATH'] ?? '' } });
    },
    secrets: { redact: async (_env, lines) => lines.map((line) => line.replaceAll('s3cret', '[redacted]')) },
    now: () => 1,
  });
  return async (evidence: string) => {
    const rule = { name: 'judged', agents: ['dev'], of: 'All', sign: { type: 'Report' } } as const;
    const rules: readonly RuleStatus[] = [{ name: 'tests', status: 'True', message: evidence }];
    const agent = { name: 'dev', workingDir: '/nowhere', env: [], launchHash: 'h' } as unknown as DesiredAgent;
    const asked: SignQuestion = {
      project: 'web',
      uid: 'u',
      rule,
      agent,
      status: undefined,
      since: 0,
      goal: undefined,
      rules,
    };
    const argv = ['sh', '-c', script];
    const look = await judge(asked, { type: 'Judge', argv, timeoutMs, everyMs: 1 }, new AbortController().signal);
    return look.state === 'Known' ? [look.value.met, look.value.message] : [look.state, look.message];
  };
}

test('a clear answer holds for the same evidence, and another is asked for when that is another', async () => {
  const ask = judgeOf('grep -q green && echo YES, s3cret || echo NO');
  expect([await ask('red'), await ask('red'), runs]).toEqual([[false, 'sh says no: NO'], [false, 'sh says no: NO'], 1]);
  expect([await ask('green'), runs]).toEqual([[true, 'sh says yes: YES, [redacted]'], 2]);
});

test.each([
  ['a muddled one', 'echo maybe', 'sh says no: maybe'],
  ['none', ':', 'sh says no: (nothing)'],
  ['one that fails, whatever it says', 'echo YES; exit 3', 'sh exited with 3'],
  ['one without an end', 'echo YES; head -c 100000 /dev/zero', 'sh says no: (nothing)'],
  ['one that is killed', 'echo YES; kill -9 $$', 'sh ended by SIGKILL'],
])('%s is no, and is asked for again', async (_title, script, message) => {
  const ask = judgeOf(script);
  expect([await ask('x'), await ask('x'), runs]).toEqual([[false, message], [false, message], 2]);
});

test('who takes too long has said no, and nobody is left a mess', async () => {
  const ask = judgeOf('echo YES; pwd > /dev/null; sleep 60', 200);
  expect(await ask('x')).toEqual([false, 'sh did not end within 0.2 s']);
  expect(readdirSync(join(directory, 'judge'))).toEqual([]);
});
