// `npm start`: brings the checkout into order, then becomes `muxlet run` with the arguments after `--`.
import process from 'node:process';
import { bootstrap } from './bootstrap.mjs';
import { forgetNpm } from './npm-environment.mjs';
import { root } from './root.mjs';

await bootstrap();
forgetNpm(process.env);
const main = `${root}/dist/controller/main.js`;
process.argv.splice(1, 1, main, 'run');
// In this process and not in a child, so that signals, the terminal and the exit code need nobody to carry them.
await import(main);
