import { expect, test } from 'vitest';
import { notify, takeNotifySettings } from '../../controller/exec/notify.ts';

test('takes what a service manager has set out of the environment, so that nothing we start speaks in our name', () => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '120000000', WATCHDOG_PID: '7', PATH: '/bin' };
  expect(takeNotifySettings(env, 7)).toEqual({ socket: '/run/n', watchdogMs: 120_000 });
  expect(env).toEqual({ PATH: '/bin' });
  expect(takeNotifySettings(env, 7)).toBeUndefined();
});

test.each([
  [{ WATCHDOG_USEC: '120000000', WATCHDOG_PID: '8' }],
  [{ WATCHDOG_USEC: 'soon' }],
  [{ WATCHDOG_USEC: '0' }],
  [{}],
])('nobody watches with %j', (env) => {
  expect(takeNotifySettings({ NOTIFY_SOCKET: '@n', ...env }, 7)).toEqual({ socket: '@n', watchdogMs: undefined });
});

test('says which program is missing, and rejects for nothing', async () => {
  expect(await notify({ socket: '/nowhere', watchdogMs: undefined }, ['READY=1'], '/nowhere')).toContain('ENOENT');
});
