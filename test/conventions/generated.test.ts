import { expect, test } from 'vitest';
import { outdated } from '../../scripts/generate.mjs';

test('the generated types and definitions are those of the schemas', async () => {
  expect((await outdated()).map(({ file }) => file)).toEqual([]);
});
