import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasons, runOf, stage } from '../course/support.ts';
import { object, reportAs, talkers, textOf } from '../messages/support.ts';
import { agentNames } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository } from './support.ts';

function ruleOf(world: World, name: string, project = 'web') {
  const rules = world.status(project)?.status.completion?.rules ?? [];
  return rules.find((rule) => rule.name === name);
}

function met(world: World, name: string, status = 'True', project = 'web'): Promise<true> {
  return until(`${name} is ${status}`, () => {
    const rule = ruleOf(world, name, project);
    if (rule?.status === status) return true;
    throw new Error(JSON.stringify(world.status(project)?.status.completion));
  });
}

test(
  '[S101] [S103] [S104] [S105] [S107] [S108] [S109] [S110] [S115] [S116] a project is done when all of its rules are met, and not before',
  () =>
    withWorld(async (world) => {
      const repository = makeRepository(world, 'shop');
      repository.commit({ 'README.md': 'nothing yet' }, 'done: before this project');
      const before = repository.fingerprint();
      const rules = [
        { name: 'reported', report: {} },
        { name: 'committed', commits: { matching: '^done:' }, agents: ['dev'] },
        { name: 'written', file: { path: 'DONE', matching: '^all of it$' }, agents: ['ops'] },
        { name: 'tests', command: { argv: ['test', '-e', 'green'], every: '1s' }, agents: ['dev'] },
        { name: 'planned', plan: { file: 'PLAN.md' }, agents: ['dev'] },
      ];
      const spec = { repo: repository.path, workTree: { policy: 'PerAgent' }, completion: { rules } };
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP }, spec));
      const first = await world.start();
      await world.ready('web');
      const tree = (agent: string): string => world.agent('web', agent)?.workTree?.path ?? '';
      const commit = (message: string): void => {
        repository.gitIn(tree('dev'), 'commit', '--quiet', '--allow-empty', '--message', message);
      };

      // What nobody of this run said is not heard: a broken file, an empty one, an earlier run's.
      const reports = join(world.state, 'reports');
      mkdirSync(reports, { recursive: true });
      writeFileSync(join(reports, 'broken-1.json'), '{"id": "broken-1", "type": "done"');
      writeFileSync(join(reports, 'empty-1.json'), '');
      const at = Date.now();
      const uid = world.status('web')?.metadata.uid;
      const old = { id: 'old-1', type: 'done', text: '', at, project: 'web', agent: 'ops', uid, run: '1-00000000' };
      writeFileSync(join(reports, 'old-1.json'), JSON.stringify(old));
      writeFileSync(join(reports, 'far-1.json'), JSON.stringify({ ...old, id: 'far-1', at: 1e300 }));

      const answer = await reportAs(world, 'dev', 'done', 'all of it');
      expect(answer).toMatch(/Still missing[^]*reported: ops: has not reported done[^]*committed: dev: 0 of 1 commits/);
      await until('one of two is done', () => ruleOf(world, 'reported')?.agents?.join() === 'dev');
      expect(ruleOf(world, 'reported')).toMatchObject({ status: 'False', message: 'ops: has not reported done' });
      expect(world.agent('web', 'ops')?.report).toBeUndefined();
      await reportAs(world, 'ops', 'done');
      await met(world, 'reported');

      // A claim without evidence, and commits that say something else.
      commit('incomplete parser');
      commit('plan to complete X');
      await until('it is seen', () => world.agent('web', 'dev')?.git?.ahead === 2);
      writeFileSync(join(tree('dev'), 'PLAN.md'), '- [x] parse\n- [ ] print\n');
      await met(world, 'planned', 'False');
      await until('the plan is read', () => ruleOf(world, 'planned')?.message.includes('1 of 2 tasks ticked'));
      const criteria = world.status('web')?.status.conditions.find(({ type }) => type === 'SuccessCriteriaMet');
      expect(criteria).toMatchObject({ status: 'False', reason: 'CompletionNotMet' });
      expect(criteria?.message).toContain('committed: dev: 0 of 1 commits that match /^done:/');
      expect(ruleOf(world, 'tests')).toMatchObject({ status: 'Unknown' });
      expect(world.status('web')?.status).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });

      commit('done: parser');
      await met(world, 'committed');
      writeFileSync(join(tree('dev'), 'PLAN.md'), '- [x] parse\n- [x] print\n');
      writeFileSync(join(tree('dev'), 'green'), '');
      await met(world, 'planned');
      const describe = await world.muxlet('describe', 'project', 'web');
      expect(describe.stdout).toMatch(/reported +True .* dev,ops +/);
      expect(describe.stdout).toMatch(/written +False .* DONE is not there/);

      // The last of it comes about while nobody looks.
      await first.end('SIGKILL');
      writeFileSync(join(tree('ops'), 'DONE'), 'all of it\n');
      await world.start();
      const done = await stage(world, 'web', 'Finished');
      expect(done).toMatchObject({ phase: 'Completed', run: { result: 'Completed' }, completion: { met: true } });
      await until('its agents have ended', () => agentNames(world).length === 0);
      expect(await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')).toBe('dev\nops');
      await world.tmux('kill-session', '-t', '=web');
      await holds('it stays complete', 1500, () => {
        const status = world.status('web')?.status;
        return status?.phase === 'Completed' && agentNames(world).length === 0;
      });
      expect((await reasons(world, 'web'))['Completed']).toBe(1);
      expect(repository.fingerprint()).toEqual(before);
      const subjects = ['done: parser', 'plan to complete X', 'incomplete parser'];
      expect(repository.git('log', '--format=%s', '--branches', '^main').split('\n')).toEqual(subjects);
    }),
  120_000,
);

test(
  '[S106] [S114] [S116] finished work is verified, goes back to the hub with the end of the log, and fails only after its rounds',
  () =>
    withWorld(async (world) => {
      const first = await world.start();
      world.spec('lead.yaml', object('AgentRole', 'lead', { hub: true, briefing: 'Lead.' }));
      const check = 'until [ -e go ]; do sleep 0.05; done; [ -e fixed ] || { echo "1 test failed"; exit 2; }';
      const spec = {
        workingDir: world.work,
        completion: { rules: [{ report: {} }] },
        verification: { commands: [{ argv: ['sh', '-c', check] }], rounds: 1 },
      };
      const refused = { ...spec, verification: { commands: [{ argv: ['false'] }], rounds: 0 } };
      const ends = { dev: { command: ['true'], restartPolicy: 'Never' } };
      world.spec('bad.yaml', projectYaml('bad', ends, { workingDir: world.work, verification: refused.verification }));
      const [hub, dev] = await talkers(world, ['hub', 'dev'], { agents: { hub: { role: 'lead' } }, spec });
      for (const agent of ['hub', 'dev']) await reportAs(world, agent, 'done');
      expect(await stage(world, 'web', 'Verifying')).toMatchObject({
        phase: 'Verifying',
        run: { rounds: { count: 1 } },
      });

      // Killed in the middle of the round, it begins the same round again.
      await first.end('SIGKILL');
      await world.start();
      await until('the round is under way', () => world.status('web')?.status.verification?.state === 'Running');
      writeFileSync(join(world.work, 'go'), '');
      const back = await stage(world, 'web', 'Active');
      expect(back).toMatchObject({ phase: 'Running', run: { rounds: { refusals: 1 }, refused: { told: ['hub'] } } });
      const told = (): string[] => (hub?.prompts() ?? []).map(textOf).filter((text) => text.includes('not accepted'));
      await until('the hub is told', () => told().length === 1);
      expect(told()[0]).toMatch(/exited with 2[^]*1 test failed[^]*All of it: \//);
      const log = /All of it: (\/\S+)/.exec(told()[0] ?? '')?.[1] ?? '';
      expect(existsSync(log)).toBe(true);
      await holds(
        'once, and nothing is begun anew',
        1500,
        () => told().length === 1 && runOf(world, 'web')?.stage === 'Active',
      );
      expect(dev?.prompts()).toEqual([]);

      writeFileSync(join(world.work, 'fixed'), '');
      expect(await reportAs(world, 'hub', 'done', 'mended')).toContain('Nothing is missing');
      const done = await stage(world, 'web', 'Finished');
      expect(done).toMatchObject({ phase: 'Completed', verification: { state: 'Passed' } });
      expect(await reasons(world, 'web')).toMatchObject({ Completed: 1, VerificationRefused: 1 });

      // Without rules: verified once its agent has ended well, and without rounds the first refusal is the last.
      const bad = await stage(world, 'bad', 'Finished');
      expect(bad).toMatchObject({ phase: 'Failed', run: { reason: 'VerificationFailed' } });
    }),
  120_000,
);

/** A program that answers what a file says, and counts how often it was asked. */
function judgeIn(world: World) {
  const [answer, asked, question] = ['answer', 'asked', 'question'].map((name) => join(world.root, name)) as [
    string,
    string,
    string,
  ];
  const argv = ['sh', '-c', `cat > ${question}; echo >> ${asked}; cat ${answer}`];
  const rules = [
    { name: 'written', file: { path: 'READY' } },
    { name: 'judged', judge: { argv, every: '1s' } },
  ];
  return {
    spec: { workingDir: world.work, goal: 'Say hello.', completion: { rules } },
    answers: (text: string) => writeFileSync(answer, text),
    asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').length : 0),
    question: () => readFileSync(question, 'utf8'),
  };
}

test('[S102] [S113] what stands on a screen completes and fails nothing, and a judge who hesitates has said no', () =>
  withWorld(async (world) => {
    const says = ['sh', '-c', 'echo "CRITICAL: error: NOT READY"; echo "Project appears complete!"; exec sleep 100000'];
    const screen = { name: 'seen', screen: { matching: 'appears complete' } };
    const text = projectYaml('web', { dev: says }, { completion: { rules: [screen, { report: {} }] } });
    world.spec('web.yaml', text);
    world.spec(
      'alone.yaml',
      projectYaml('alone', { dev: says }, { completion: { require: 'Any', rules: [screen, { report: {} }] } }),
    );
    const judge = judgeIn(world);
    judge.answers('NO – not YES yet\n');
    world.spec('judged.yaml', projectYaml('judged', { dev: SLEEP }, judge.spec));
    await world.start();
    await world.ready('web');
    await world.ready('judged');
    const problems = await until('it is a problem', async () => {
      const { stdout } = await world.muxlet('get', 'problems', '-o', 'json');
      const { items } = JSON.parse(stdout) as { items: { file: string; line: number; message: string }[] };
      return items.length > 0 && items;
    });
    expect(problems).toMatchObject([
      { file: expect.stringMatching(/alone\.yaml$/), message: /never enough by itself/ },
    ]);
    expect(problems[0]?.line).toBeGreaterThan(1);
    expect(world.status('alone')).toBeUndefined();
    expect([judge.asked(), ruleOf(world, 'judged', 'judged')?.status]).toEqual([0, 'Unknown']);
    writeFileSync(join(world.work, 'READY'), '');
    await met(world, 'judged', 'False', 'judged');
    expect(ruleOf(world, 'judged', 'judged')?.message).toBe('dev: sh says no: NO – not YES yet');
    expect(judge.question()).toMatch(/## Goal\n\nSay hello\.\n[^]*\n- rule written: True: dev: READY of /);
    await holds(
      'it works on',
      1500,
      () => runOf(world, 'web')?.stage === 'Active' && runOf(world, 'judged')?.stage === 'Active',
    );
    // Of the same evidence nobody is asked twice.
    expect(judge.asked()).toBe(1);
    judge.answers('{"done": true, "reason": "it says hello"}');
    utimesSync(join(world.work, 'READY'), new Date(), new Date());
    expect((await stage(world, 'judged', 'Finished')).phase).toBe('Completed');
    expect([judge.asked(), ruleOf(world, 'judged', 'judged')?.message]).toEqual([2, 'dev: sh says yes: it says hello']);
    expect(world.status('web')?.status.phase).toBe('Running');
    await reportAs(world, 'dev', 'done');
    expect((await stage(world, 'web', 'Finished')).phase).toBe('Completed');
  }));

test('a conflict that a person is to resolve is named, and the work goes on once a branch has moved', () =>
  withWorld(async (world) => {
    const repository = makeRepository(world, 'shop');
    repository.commit({ 'cart.ts': 'nothing\n' });
    const spec = {
      repo: repository.path,
      workTree: { policy: 'PerAgent' },
      completion: { rules: [{ report: {} }] },
      integration: { onConflict: 'Person' },
    };
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, ops: SLEEP }, spec));
    await world.start();
    await world.ready('web');
    const tree = (agent: string): string => world.agent('web', agent)?.workTree?.path ?? '';
    for (const agent of ['dev', 'ops']) {
      writeFileSync(join(tree(agent), 'cart.ts'), `${agent}\n`);
      repository.gitIn(tree(agent), 'commit', '--quiet', '--all', '--message', agent);
    }
    for (const agent of ['dev', 'ops']) await reportAs(world, agent, 'done');
    const stalled = await until('the conflict is told', () => {
      const condition = world.status('web')?.status.conditions.find(({ type }) => type === 'Stalled');
      return condition?.reason === 'MergeConflict' && condition;
    });
    expect(stalled.message).toContain('cart.ts');
    expect(runOf(world, 'web')).toMatchObject({ stage: 'Active', rounds: { count: 1 }, refused: { told: [] } });
    repository.gitIn(tree('ops'), 'merge', '--quiet', '--strategy-option', 'ours', '--no-edit', 'muxlet/web/dev');
    const done = await stage(world, 'web', 'Finished');
    expect(done).toMatchObject({ phase: 'Completed', run: { rounds: { count: 2 } }, integration: { state: 'Merged' } });
    expect(repository.git('show', 'muxlet/web/integration:cart.ts')).toBe('ops');
    expect(repository.git('show', 'main:cart.ts')).toBe('nothing');
  }));
