import { describe, expect, test } from 'vitest';
import type { Addressee, Delivery, Notification } from '../../controller/api/notification.ts';
import { bench } from './harness.ts';

const SPEC = `apiVersion: muxlet.dev/v1alpha1
kind: Alert
metadata: {name: night}
spec:
  receivers:
    - name: oncall
      mail: {to: [a@example.org], from: b@example.org, server: {host: localhost, tls: None}}
    - name: screen
      desktop: {}
`;

async function withAlert(deliver: (to: Addressee, notification: Notification) => Delivery) {
  const told: { readonly to: Addressee; readonly notification: Notification }[] = [];
  const tools = await bench({
    notifier: {
      async deliver(to, notification) {
        told.push({ to, notification });
        return deliver(to, notification);
      },
    },
  });
  await tools.write('specs/night.yaml', SPEC);
  return { ...tools, told };
}

describe('alert test', () => {
  test('tells every receiver, and says so in the order of the spec', async () => {
    const { run, told, root } = await withAlert(({ receiver }) =>
      receiver.name === 'screen' ? { type: 'Delivered' } : { type: 'Delivered', note: 'one of two refused it' },
    );
    expect(await run('alert', 'test', 'night')).toEqual({
      code: 0,
      out: 'oncall: delivered (one of two refused it)\nscreen: delivered\n',
      err: '',
    });
    expect(told[0]?.to.folder).toBe(`${root}/specs`);
    expect(told[0]?.notification.id).not.toBe(told[1]?.notification.id);
  });
  test('exits 1 if one did not take it, and says why', async () => {
    const { run } = await withAlert(({ receiver }) =>
      receiver.name === 'screen'
        ? { type: 'Delivered' }
        : { type: 'Failed', message: 'no such host', permanent: false },
    );
    expect(await run('alert', 'test', 'alert/night')).toEqual({
      code: 1,
      out: 'screen: delivered\n',
      err: 'oncall: failed: no such host\n',
    });
  });
  test('tells one alone with --receiver', async () => {
    const { run, told } = await withAlert(() => ({ type: 'Delivered' }));
    expect((await run('alert', 'test', 'night', '--receiver', 'screen')).out).toBe('screen: delivered\n');
    expect(told).toHaveLength(1);
  });
  test('names what there is where a name is wrong', async () => {
    const { run, told } = await withAlert(() => ({ type: 'Delivered' }));
    expect(await run('alert', 'test', 'nihgt')).toMatchObject({
      code: 1,
      err: expect.stringContaining('did you mean "night"'),
    });
    expect(await run('alert', 'test', 'night', '--receiver', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('choose one of: oncall, screen'),
    });
    expect(await run('alert', 'test', 'project/night')).toMatchObject({ code: 2 });
    expect(told).toEqual([]);
  });
});

test('alerts are got, described and explained', async () => {
  const { run } = await withAlert(() => ({ type: 'Delivered' }));
  expect((await run('get', 'alerts')).out).toMatch(
    /^NAME +READY +REASON +RECEIVERS .*\nnight +Unknown +<none> +oncall,screen +0 +0 +0 /,
  );
  expect((await run('describe', 'alert', 'night')).out).toContain('Receivers:  <none>');
  expect((await run('explain', 'alert.spec.group')).out).toContain('interval\t<string>');
});

test.each([
  [
    'a reason that there is not',
    SPEC.replace('spec:\n', 'spec:\n  on:\n    - reasons: [WaitForInput]\n'),
    /night\.yaml:6:17.*there is no reason WaitForInput.*did you mean WaitingForInput/s,
  ],
  [
    'two ways of one receiver',
    `${SPEC}      command: {argv: [x]}\n`,
    /night\.yaml:8:7.*give either mail or webhook or desktop or command/s,
  ],
  [
    'two receivers of one name',
    SPEC.replace('name: screen', 'name: oncall'),
    /night\.yaml:8:13.*two receivers are called oncall/s,
  ],
  [
    'a password in the address of a webhook',
    SPEC.replace('desktop: {}', "webhook: {url: {value: 'https://me:pw@example.org/'}}"),
    /night\.yaml:9:30.*without a user or password/s,
  ],
  ['what is no address', SPEC.replace('a@example.org', "'a b, c'"), /night\.yaml:7:19.*an address/s],
  ['a time without its unit', SPEC.replace('spec:\n', 'spec:\n  group: {wait: 30}\n'), /night\.yaml:5:17/],
])('%s is refused with file, line and column', async (_, text, expected) => {
  const { run, write } = await withAlert(() => ({ type: 'Delivered' }));
  await write('specs/night.yaml', text);
  const { code, out, err } = await run('validate');
  expect(code).toBe(1);
  expect(out + err).toMatch(expected);
  expect(out + err).not.toContain('me:pw');
});
