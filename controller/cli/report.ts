import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { keyOf } from '../api/key.ts';
import { REPORT_TYPES, type Report, shortened } from '../api/report.ts';
import { writeAtomically } from '../store/state/atomic-write.ts';
import { readState } from '../store/state/read-state.ts';
import { missingAfter } from './missing-after-report.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { readAll } from './read-all.ts';

export function addReport(program: Command, deps: CliDeps): void {
  program
    .command('report')
    .summary('say, as an agent, how it stands')
    .description(
      'How an agent speaks to the controller, from its own terminal. done, blocked, failed and question go to the ' +
        'hub of its team, or to a person where there is none; status is only shown. done says what is missing, where the ' +
        'project has rules for that.',
    )
    .argument('<type>', REPORT_TYPES.join(', '))
    .argument('[text...]', 'in words; -: standard input')
    .action(async (type: string, words: string[], _flags: unknown, command: Command) => {
      const known = REPORT_TYPES.find((one) => one === type);
      if (known === undefined) throw new MuxletError('MUX_USAGE', `"${type}" is none of ${REPORT_TYPES.join(', ')}`);
      const text = words.length === 1 && words[0] === '-' ? await readAll(deps.stdin) : words.join(' ');
      const { state } = placesOf(command, deps);
      const report = reportOf(known, shortened(text.trim()), deps, state);
      writeAtomically(join(state, 'reports', `${report.id}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
      if (known === 'done') deps.stdout.write(answerOf(await missingAfter(report, state)));
    });
}

/** An agent that knows at once what is missing need not be told later. */
function answerOf(missing: readonly string[] | undefined): string {
  if (missing === undefined) return '';
  if (missing.length === 0) return 'Noted. Nothing is missing.\n';
  return ['Noted. Still missing before the work counts as done:', ...missing.map((line) => `  ${line}`), ''].join('\n');
}

/** @throws MUX_USAGE outside of an agent's terminal */
function reportOf(type: Report['type'], text: string, { env, now }: CliDeps, state: string): Report {
  const { MUXLET_PROJECT: project, MUXLET_AGENT: agent, MUXLET_UID: uid, MUXLET_RUN: run } = env;
  if (project === undefined || agent === undefined || uid === undefined || run === undefined) {
    throw new MuxletError('MUX_USAGE', 'only an agent reports, in its own terminal', {
      hint: "a person says something with 'muxlet send'",
    });
  }
  const generation = readState(state).object(keyOf('Project', project))?.metadata.generation;
  const id = `${now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const at = now();
  return { id, type, text, at, project, agent, uid, run, ...(generation !== undefined && { generation }) };
}
