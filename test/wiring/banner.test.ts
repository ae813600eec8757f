import { expect, test } from 'vitest';
import { bannerOf } from '../../controller/wiring/banner.ts';

const usual = {
  version: '1.2.3',
  address: '127.0.0.1:9779',
  projects: ['web'],
  specs: '/srv/specs',
  state: '/srv/state',
  socket: 'muxlet',
  cwd: '/srv',
};

test('says what is converged on and how to look at it', () => {
  const text = bannerOf(usual);
  expect(text).toContain('/srv/specs: project web');
  expect(text).toContain('http://127.0.0.1:9779/metrics');
  expect(text).toContain('npx muxlet get projects');
  expect(text).toContain('npx muxlet attach web ');
});

test('its commands name whatever is not where a command would look by itself', () => {
  const text = bannerOf({ ...usual, specs: '/etc/specs', socket: 'two' });
  expect(text).toContain('npx muxlet --specs /etc/specs --tmux-socket two get projects');
});

test('names a few projects and counts the rest', () => {
  expect(bannerOf({ ...usual, projects: [] })).toContain('no projects yet');
  expect(bannerOf({ ...usual, projects: ['a', 'b', 'c', 'd', 'e', 'f'] })).toContain('projects a, b, c, d and 2 more');
});
