import { expect, test } from 'vitest';
import { forgetNpm } from '../../scripts/npm-environment.mjs';

test('what npm added is taken out and everything else stays', () => {
  const env = {
    npm_lifecycle_event: 'start',
    npm_config_cache: '/home/me/.npm',
    INIT_CWD: '/src/muxlet',
    NODE: '/usr/bin/node',
    COLOR: '1',
    NODE_OPTIONS: '--max-old-space-size=100',
    HOME: '/home/me',
    PATH: '/src/muxlet/node_modules/.bin:/src/node_modules/.bin:/npm/lib/node-gyp-bin:/usr/bin:/mine/node_modules/.bin',
  };
  forgetNpm(env);
  expect(env).toEqual({
    NODE_OPTIONS: '--max-old-space-size=100',
    HOME: '/home/me',
    PATH: '/usr/bin:/mine/node_modules/.bin',
  });
});

test('without npm nothing is taken out', () => {
  const env = { COLOR: 'always', PATH: '/src/node_modules/.bin:/usr/bin' };
  forgetNpm(env);
  expect(env).toEqual({ COLOR: 'always', PATH: '/src/node_modules/.bin:/usr/bin' });
});
