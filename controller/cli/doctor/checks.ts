import { MuxletError } from '../../api/errors.ts';
import { checkClasses } from './check-classes.ts';
import { checkSocketFolder, checkSpecs, checkStaleSockets, checkState } from './check-folders.ts';
import { checkController, checkDisk, checkLocale, checkOpenFiles, checkTerminals } from './check-limits.ts';
import { checkFlock, checkGit, checkNode, checkTmux } from './check-tools.ts';
import type { Check, Facts, Finding } from './facts.ts';

/** Everything that a machine must have or should have, in the order in which it is told. The list is the documentation. */
const CHECKS: readonly Check[] = [
  checkNode,
  checkTmux,
  checkGit,
  checkFlock,
  checkSpecs,
  checkState,
  checkSocketFolder,
  checkStaleSockets,
  checkDisk,
  checkTerminals,
  checkOpenFiles,
  checkLocale,
  checkController,
  checkClasses,
];

export function examine(facts: Facts): readonly Finding[] {
  return CHECKS.flatMap((check) => check(facts));
}

/**
 * What must be there before the first session is made.
 *
 * @throws MUX_PREFLIGHT that names everything that is missing at once
 */
export function preflight(findings: readonly Finding[]): void {
  const failed = findings.filter(({ result }) => result === 'FAIL');
  if (failed.length === 0) return;
  const lines = failed.map(({ check, message, remedy }) => `  ${check}: ${message}${remedy ? ` (${remedy})` : ''}`);
  throw new MuxletError('MUX_PREFLIGHT', `the machine lacks what the controller needs:\n${lines.join('\n')}`, {
    hint: "'muxlet doctor' shows all checks",
  });
}
