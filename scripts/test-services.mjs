// `npm run test:services`: a real systemd with the real units, real shells with the completion, real readers of the manual
// page. Needs root on Linux, and installs what is missing with apt-get. Ends with `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { installWith } from './bootstrap/programs.mjs';
import { bootstrap } from './bootstrap.mjs';
import { runTests } from './run-tests.mjs';

/** Programs, and Debian's packages that hold them. */
const PROGRAMS = {
  'systemd-analyze': 'systemd',
  'systemd-notify': 'systemd',
  'dbus-daemon': 'dbus-user-session',
  nsenter: 'util-linux',
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  man: 'man-db',
  mandoc: 'mandoc',
  python3: 'python3',
};

function missing() {
  const lacking = Object.entries(PROGRAMS).filter(
    ([program]) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0,
  );
  return [...new Set(lacking.map(([, name]) => name))];
}

await bootstrap();
if (missing().length > 0) installWith(missing());
if (missing().length > 0) {
  process.stderr.write(`muxlet: services are tried with ${missing().join(', ')}, which could not be installed\n`);
  process.exit(1);
}
const { passed, failed, skipped } = runTests(['services']);
for (const name of skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || skipped.length > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
