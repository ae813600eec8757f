import { expect, test } from 'vitest';
import { createSession } from '../../controller/act/create.ts';
import { type Launch, launchWords } from '../../controller/act/launch.ts';
import type { DesiredAgent } from '../../controller/api/desired.ts';

const FEATURES = { supported: true, sessionEnvironment: true, clientFlags: true, deadSignal: false };

function launch(more: Partial<Launch> = {}): Launch {
  const agent = { name: 'dev', workingDir: '/work/web', launchHash: 'h' } as DesiredAgent;
  const owner = { project: 'web', uid: 'u' };
  return { owner, agent, run: '1-a', argv: ['sleep', '9'], variables: {}, isSure: true, fifo: undefined, ...more };
}

test('a program that no shell tells where it is, is told so by its environment, and others of the session are not', () => {
  expect(launchWords(launch()).join(' ')).toContain('-e PWD=/work/web');
  const line = createSession({ name: 'web', launches: [launch()], baseIndex: 0, features: FEATURES });
  expect(line).toContain('set-environment -t =web -u PWD');
});

test.each([
  ['whose program may not be there', { isSure: false }],
  ['that is one word', { argv: ['sleep'] }],
  ['with a FIFO', { fifo: '/fifo' }],
])('an agent %s has a shell, which says it', (_, more) => {
  const words = launchWords(launch(more)).join(' ');
  expect(words).toContain('-- sh -c');
  expect(words).not.toContain('PWD=');
});
