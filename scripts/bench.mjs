// `npm run bench -- [--quick] [NAME...]`: builds the product and its measurements, and runs those whose name matches.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { root } from './root.mjs';

await bootstrap();
const complaint = await build();
if (complaint !== undefined) throw new Error(complaint);
const tsc = [`${root}/node_modules/typescript/bin/tsc`, '-p', `${root}/test/bench/tsconfig.json`];
if (spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
const main = [`${root}/dist/bench/test/bench/main.js`, `${root}/dist/controller/main.js`, ...process.argv.slice(2)];
const child = spawn(process.execPath, main, { cwd: root, stdio: 'inherit' });
// Whoever ends us ends the run, which clears up behind itself.
/** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).forEach((signal) =>
  process.on(signal, () => child.kill(signal)),
);
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
