import { describe, expect, test } from 'vitest';
import { bench, specText, statusOf, storedText } from './harness.ts';

describe('wait', () => {
  async function withWeb() {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    return it;
  }

  test('does not take the status of the spec before the last change for that of the present one', async () => {
    const it = await withWeb();
    await it.write('specs/web.yaml', specText('web', { agents: ['dev', 'ops'] }));
    expect((await it.run('wait', '--for=condition=Ready', 'project/web', '--timeout=20ms')).code).toBe(1);
  });

  test.each([
    ['condition=Ready', 'project/web condition met\n'],
    ['phase=Running', 'project/web condition met\n'],
    ['jsonpath={.status.phase}=Running', 'project/web condition met\n'],
    ['jsonpath=.status.agents[0].name=dev', 'project/web condition met\n'],
  ])('ends at once for %s', async (goal, message) => {
    const { run } = await withWeb();
    expect(await run('wait', '--for', goal, 'project/web')).toMatchObject({ code: 0, out: message });
  });

  test('sees what comes later', async () => {
    const it = await withWeb();
    const waiting = it.run('wait', '--for=phase=Failed', 'project/web', '--timeout=10s');
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'], { phase: 'Failed' })));
    expect((await waiting).code).toBe(0);
  });

  test('fails when the time is up, and for what is not there', async () => {
    const { run } = await withWeb();
    expect(await run('wait', '--for=phase=Failed', 'project/web', '--timeout=20ms')).toMatchObject({
      code: 1,
      err: expect.stringContaining('timed out waiting for the condition on project/web'),
    });
    expect((await run('wait', '--for=condition=Ready', 'project/nope')).code).toBe(1);
    expect(await run('wait', '--for=delete', 'project/nope')).toMatchObject({ code: 0, out: 'project/nope deleted\n' });
    expect((await run('wait', '--for=nonsense', 'project/web')).code).toBe(2);
  });

  test('does not take a condition of an older generation for this one', async () => {
    const it = await withWeb();
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev', 'ops']), { generation: 2 }));
    expect((await it.run('wait', '--for=condition=Ready', 'project/web', '--timeout=20ms')).code).toBe(1);
  });
});
