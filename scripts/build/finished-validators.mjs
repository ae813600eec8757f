import { mkdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from '../root.mjs';

const STORE = `${root}/controller/store`;

/**
 * Puts the finished code of the validators in the place of the module that would compile them.
 * @returns {Promise<import('rolldown').Plugin>}
 */
export async function finishedValidators() {
  const code = await validatorsAsCode();
  return {
    name: 'finished-validators',
    load: (id) => (id === `${STORE}/make-validator.ts` ? { code, moduleType: 'js' } : undefined),
  };
}

/** What controller/store/validators-as-code.ts says, which has to be bundled before it can be run. */
async function validatorsAsCode() {
  const { rolldown } = await import('rolldown');
  // Below the root, so that it finds the packages.
  const directory = `${root}/dist/.validators-${process.pid}`;
  try {
    const bundler = await rolldown({ input: `${STORE}/validators-as-code.ts`, platform: 'node', external: [/^ajv/] });
    mkdirSync(directory, { recursive: true });
    await bundler.write({ file: `${directory}/code.mjs`, format: 'esm' });
    await bundler.close();
    const { validatorsAsCode } = await import(pathToFileURL(`${directory}/code.mjs`).href);
    return validatorsAsCode();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
