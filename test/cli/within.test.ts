import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { within } from '../../controller/cli/within.ts';

const never = new AbortController().signal;
const fired = (signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    if (signal.aborted) resolve(true);
    signal.addEventListener('abort', () => resolve(true));
  });

test('it fires after its time', async () => {
  expect(await fired(within(5, never))).toBe(true);
});

test('it fires with the interruption, also one from before', async () => {
  const interrupt = new AbortController();
  const signal = within(1e12, interrupt.signal);
  expect(signal.aborted).toBe(false);
  interrupt.abort();
  expect(signal.aborted).toBe(true);
  expect(within(1e12, interrupt.signal).aborted).toBe(true);
});

test('it fires however much memory is cleared up meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const signal = within(50, never);
  const end = Date.now() + 5000;
  while (!signal.aborted && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gc();
  }
  expect(signal.aborted).toBe(true);
});
