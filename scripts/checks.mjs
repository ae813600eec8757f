import { root } from './root.mjs';

const bin = `${root}/node_modules/.bin`;

/** What is checked of the sources without running them. Each ends with exit code 0 if all is well. */
export const CHECKS = [
  { name: 'format', argv: [`${bin}/biome`, 'check', '--error-on-warnings'] },
  { name: 'types', argv: [`${bin}/tsc`, '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'lint', argv: [`${bin}/oxlint`, '--type-aware', '--deny-warnings'] },
  { name: 'generated', argv: [process.execPath, 'scripts/generate.mjs', '--check'] },
  {
    name: 'imports',
    argv: [`${bin}/depcruise`, '--config', '.dependency-cruiser.mjs', 'controller', 'test', 'scripts'],
  },
  { name: 'dead code', argv: [`${bin}/knip`, '--no-progress'] },
];
