import type { Command } from 'commander';
import { type Completed, complete } from './completion/complete.ts';
import { readCompiledWords, wordsOf } from './completion/words.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import type { WholeProgram } from './verb.ts';

/** What the shells' scripts call (completion/scripts.ts). */
export function addComplete(program: Command, deps: CliDeps, whole: WholeProgram): void {
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[], _flags: unknown, command: Command) => {
      deps.stdout.write(textOf(await quietly(words, { deps, command, whole })));
    });
}

/** For the build: prints the words of all verbs, so that none of them has to be loaded to complete one. */
export function addWords(program: Command, deps: CliDeps, whole: WholeProgram): void {
  program
    .command('__words', { hidden: true })
    .helpOption(false)
    .action(async () => {
      deps.stdout.write(`${JSON.stringify(wordsOf(await whole()))}\n`);
    });
}

/** What went wrong is nobody's business who has pressed a key to see what there is. */
async function quietly(
  words: readonly string[],
  { deps, command, whole }: { readonly deps: CliDeps; readonly command: Command; readonly whole: WholeProgram },
): Promise<Completed> {
  try {
    const program = readCompiledWords() ?? wordsOf(await whole());
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
