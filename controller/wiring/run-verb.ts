import { loadMail } from '../act/notify/mail.ts';
import type { CliDeps } from '../cli/ports.ts';
import type { RunSettings } from '../cli/run.ts';
import { takeNotifySettings } from '../exec/notify.ts';
import { bannerOf } from './banner.ts';
import { createJournalLog, createJsonLog, createPrettyLog, type Log } from './log.ts';
import { checkMachine } from './preflight.ts';
import { runController } from './run-controller.ts';

/**
 * `muxlet run`: looks at the machine, then runs the controller to its end, and says on standard output where it is.
 *
 * @param env changed: what is meant for us alone is taken out
 * @returns the exit code
 */
export async function runVerb(
  settings: RunSettings,
  deps: CliDeps,
  env: NodeJS.ProcessEnv,
  presets: string,
): Promise<number> {
  const { version, stdout, isTTY, cwd } = deps;
  const notify = takeNotifySettings(env, process.pid);
  await checkMachine(settings, deps);
  const announce = (address: string, projects: readonly string[]): void => {
    // Later it may be another build's, or gone. What cannot be loaded is missed by whoever needs it.
    loadMail().catch(() => undefined);
    stdout.write(`muxlet is ready at http://${address}\n`);
    if (settings.logFormat === 'pretty' && isTTY.stdout) {
      stdout.write(`${bannerOf({ ...settings, version, address, projects, cwd })}\n`);
    }
  };
  const log = createLog(settings.logFormat, deps);
  return runController({ ...settings, presets, version, announce, notify }, env, log, deps.interrupt);
}

function createLog(format: RunSettings['logFormat'], { env, stderr, isTTY, now }: CliDeps): Log {
  switch (format) {
    case 'pretty':
      return createPrettyLog(stderr, isTTY.stderr && !env['NO_COLOR'], now);
    case 'journal':
      return createJournalLog(stderr);
    case 'json':
      return createJsonLog(stderr);
  }
}
