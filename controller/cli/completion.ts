import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { type Completed, complete } from './completion/complete.ts';
import { SCRIPTS, type Shell } from './completion/scripts.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';

export function addCompletion(program: Command, deps: CliDeps): void {
  program
    .command('completion')
    .summary('print a script that completes commands in your shell')
    .description('Prints a script that completes commands: source <(muxlet completion bash).')
    .argument('<shell>', Object.keys(SCRIPTS).join(', '))
    .action((shell: string) => {
      const script = SCRIPTS[shell as Shell];
      if (script === undefined) {
        throw new MuxletError('MUX_USAGE', `unsupported shell type "${shell}"`, {
          hint: `one of ${Object.keys(SCRIPTS).join(', ')}`,
        });
      }
      deps.stdout.write(script);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[], _flags: unknown, command: Command) => {
      deps.stdout.write(textOf(await quietly(words, { program, deps, command })));
    });
}

/** What went wrong is nobody's business who has pressed a key to see what there is. */
async function quietly(
  words: readonly string[],
  { program, deps, command }: { readonly program: Command; readonly deps: CliDeps; readonly command: Command },
): Promise<Completed> {
  try {
    return await complete(words, { program, deps, places: placesOf(command, withFlags(words, deps)) });
  } catch {
    return [];
  }
}

/** The places that the line itself names are those whose names are wanted. */
function withFlags(words: readonly string[], { env, cwd }: CliDeps): Pick<CliDeps, 'env' | 'cwd'> {
  const named = { ...env };
  for (const [flag, variable] of PLACE_FLAGS) {
    const at = words.indexOf(flag);
    const value = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
    if (value) named[variable] = value;
  }
  return { env: named, cwd };
}

const PLACE_FLAGS = [
  ['--specs', 'MUXLET_SPECS'],
  ['--state', 'MUXLET_STATE'],
] as const;

function textOf(completed: Completed): string {
  if (typeof completed === 'string') return `:${completed}\n`;
  return completed.map(({ value, what }) => `${what === undefined ? value : `${value}\t${what}`}\n`).join('');
}
