import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertYaml, byMail, writing } from '../../e2e/alert/support.ts';
import { repositoryIn, sleeper, sourceYaml } from '../../e2e/gitsource/support.ts';
import { standIn } from '../../e2e/health/stand-in.ts';
import { classReason, classStatus, classYaml, program } from '../../e2e/health/support.ts';
import { delivered, send, talkers } from '../../e2e/messages/support.ts';
import { queueYaml, taskYaml } from '../../e2e/queues/support.ts';
import { projectYaml, type Running, until, type World } from '../../e2e/support/world.ts';
import { signalProcess } from '../../support/signal-process.ts';

/** Agents that wait on each other's files, so that nothing has to be timed. */
const CODER = { class: 'coder' };
const PROBE = { exec: { command: ['true'] }, periodSeconds: 1 };

/** What of the day must be there before the controller is started. */
export function morning(world: World) {
  const token = join(world.root, 'said', 'token');
  const coder = standIn(world, { auth: { check: ['test', '-e', token] }, limits: { fallbackMinutes: 0 } });
  program(
    world,
    'falls',
    `#!/bin/sh\nwhile :; do [ -e ${join(world.root, 'fall')} ] && exec bash --norc; sleep 0.1; done\n`,
  );
  const health = { hungAfterSeconds: 10, maxRecoveriesPerHour: 3 };
  world.spec('falls.yaml', classYaml('falls', { command: ['falls'], health, backoff: { initialSeconds: 0.1 } }));
  world.spec('stuck.yaml', projectYaml('stuck', { fall: { class: 'falls' } }));
  world.spec('night.yaml', queueYaml('night', { maxRunning: 1, circuitBreaker: { failures: 5 } }));
  // One hears of what happens, and another one never will.
  const file = { name: 'file', command: { argv: ['sh', '-c', writing(world)] } };
  const group = { wait: '0s', interval: '5s' };
  world.spec('people.yaml', alertYaml('people', { group, receivers: [file, byMail('gone', 1)] }));
  const shop = repositoryIn(world, 'shop');
  shop.commit({ 'README.md': 'shop' });
  world.spec(
    'web.yaml',
    projectYaml(
      'web',
      { dev: { ...CODER, readinessProbe: PROBE, livenessProbe: PROBE }, ops: CODER, lead: CODER },
      { deadline: { after: '2h' }, size: 'large', repo: shop.path, workTree: { policy: 'PerAgent' } },
    ),
  );
  const team = repositoryIn(world, 'team');
  team.commit({ 'quiet.yaml': sleeper('quiet') });
  world.spec('team.yaml', sourceYaml('team', { url: team.path, ref: { branch: 'main' } }));
  return coder;
}

/** A day of a fleet, made short: each step is seen through before the next. `restart` ends the controller and starts it. */
export async function day(
  world: World,
  coder: ReturnType<typeof morning>,
  restart: () => Promise<Running>,
): Promise<void> {
  const file = (name: string): string => join(world.root, name);
  await world.ready('web');
  await world.ready('stuck');
  await world.ready('quiet');

  // The controller is started anew; nobody notices.
  await restart();
  await world.ready('web');

  // Two projects in a queue complete, one between them fails; another falls over at once, again and again.
  world.spec('crash.yaml', projectYaml('crash', { main: ['sh', '-c', 'exit 3'] }));
  world.spec('a.yaml', taskYaml('a', 'sleep 1', { size: 'small' }));
  world.spec('b.yaml', taskYaml('b', `test -e ${file('good')}`, { size: 'medium' }));
  world.spec('c.yaml', taskYaml('c', 'sleep 1', { size: 'small' }));
  await phase(world, 'a', 'Completed');
  await phase(world, 'b', 'Failed');
  await phase(world, 'c', 'Completed');

  // The tmux server is lost, and all agents with it; they come back.
  await world.tmux('kill-server');
  await until(
    'all are up again',
    () => world.agent('web', 'dev')?.restarts === 1 && world.agent('stuck', 'fall')?.ready,
  );
  await world.ready('web');

  // An agent falls back to a shell, which is found; meanwhile another one is killed, and one restarted by hand.
  writeFileSync(file('fall'), '');
  await talkers(world, ['main'], { project: 'talk' });
  await delivered(world, await send(world, 'talk/main', 'Good morning.'));
  const crashed = world.agent('web', 'ops')?.run;
  signalProcess(world.agent('web', 'ops')?.pid, 'SIGKILL');
  await until('ops runs again', () => world.agent('web', 'ops')?.run !== crashed && world.agent('web', 'ops')?.ready);
  const restarted = world.agent('web', 'lead')?.run;
  await world.muxlet('restart', 'project', 'web', '-a', 'lead');
  await until(
    'lead runs again',
    () => world.agent('web', 'lead')?.run !== restarted && world.agent('web', 'lead')?.ready,
  );
  await until('the shell is found', () => world.agent('stuck', 'fall')?.recoveries?.length === 1, 40_000);
  rmSync(file('fall'));

  // The failed one is reset as it was, and completes.
  writeFileSync(file('good'), '');
  await world.muxlet('reset', 'project', 'b');
  await phase(world, 'b', 'Completed');

  // A spec is broken, and put right.
  const broken = world.spec('broken.yaml', 'kind: [');
  await until('it is a problem', async () => (await world.muxlet('get', 'problems')).stdout.includes('broken.yaml'));
  rmSync(broken);

  // The repository is looked at again: the first look may have been over before anybody scraped.
  await world.muxlet('reconcile', 'gitsource', 'team');

  // The login is lost, and comes back.
  coder.logOut();
  for (const agent of ['dev', 'ops', 'lead']) await coder.says(agent, { status: 'out' });
  await classReason(world, 'coder', 'Authenticated', 'LoginLost');
  await until('the agents say so', () => world.agent('web', 'dev')?.state === 'NeedsAuth');
  await until('the check has failed', () => classStatus(world, 'coder')?.login?.check === 'Failed', 40_000);
  const before = coder.starts('dev');
  coder.logIn();
  await until('they are started anew', () => coder.starts('dev') > before, 40_000);
  await world.ready('web');

  // In the evening one waits for a person, a message to it is not delivered in time, and the account meets its limit.
  await coder.says('dev', { status: 'asks' });
  await until('it waits', () => world.agent('web', 'dev')?.state === 'Waiting');
  await world.muxlet('send', '--to', 'web/dev', '--deadline', '1s', 'Good night.');
  await coder.says('lead', { status: 'busy', left: 40 });
  await coder.says('ops', { status: 'limited', text: 'limit reached' });
  await classReason(world, 'coder', 'WithinLimits', 'UsageLimit');
}

async function phase(world: World, project: string, wanted: string): Promise<void> {
  await until(
    `${project} is ${wanted}`,
    () => {
      const status = world.status(project)?.status;
      if (status?.phase === wanted) return true;
      throw new Error(JSON.stringify(status));
    },
    30_000,
  );
}
