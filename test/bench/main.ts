/**
 * The figures of the README: muxlet, as it is built, against raw tmux that does the bare minimum, in one run on one
 * machine. Only the ratios carry over to another machine. Arguments: the built program, --quick, parts of names.
 */

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { atRest } from './figures/at-rest.ts';
import { changedSpec } from './figures/changed-spec.ts';
import { observedGit } from './figures/git.ts';
import { gitSource } from './figures/gitsource.ts';
import { killedAgent } from './figures/killed-agent.ts';
import { killedServer } from './figures/killed-server.ts';
import { killedSession } from './figures/killed-session.ts';
import { madeWorkTrees } from './figures/made-work-trees.ts';
import { manyProjects } from './figures/many-projects.ts';
import { newSpec } from './figures/new-spec.ts';
import { queueThroughput } from './figures/queue.ts';
import { queueDecision } from './figures/queue-decision.ts';
import { restartedController } from './figures/restarted-controller.ts';
import { startOfVerbs } from './figures/start.ts';
import { liveView } from './figures/top.ts';
import { type Figure, markdownTable, type Row } from './support/figure.ts';

const FIGURES: readonly Figure[] = [
  ...killedAgent,
  ...killedSession,
  killedServer,
  newSpec,
  manyProjects,
  atRest,
  changedSpec,
  restartedController,
  queueThroughput,
  queueDecision,
  madeWorkTrees,
  ...observedGit,
  gitSource,
  liveView,
  startOfVerbs,
];

const [main = '', ...words] = process.argv.slice(2);
const quick = words.includes('--quick');
const filters = words.filter((word) => !word.startsWith('--'));
const chosen = FIGURES.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
const rows: Row[] = [];
for (const figure of chosen) {
  process.stderr.write(`${figure.name} …\n`);
  try {
    const measured = await figure.measure({ main, quick });
    rows.push(...measured);
    process.stderr.write(`${markdownTable(measured)}\n\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${figure.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
const tmux = execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim();
process.stdout.write(`${markdownTable(rows)}\n\n`);
process.stdout.write(`${tmux}, Node ${process.versions.node}, ${cpus().length} cores${quick ? ', quick run' : ''}.\n`);
if (rows.some(({ met }) => !met)) process.exitCode = 1;
process.exit();
