import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMountOf } from '../../../controller/observe/launch-check/mount-of.ts';

const hasTable = existsSync('/proc/self/mountinfo');

test('a place is on the nearest mount above it, and need not be there', () => {
  const mountOf = createMountOf();
  expect(mountOf('/proc/self/nothing-of-this-name')).toBe(hasTable ? '/proc' : '/proc/self/nothing-of-this-name');
  expect(mountOf('/processes')).toBe(hasTable ? '/' : '/processes');
});
