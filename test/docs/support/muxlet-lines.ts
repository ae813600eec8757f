import type { Command } from 'commander';
import type { CliDeps } from '../../../controller/cli/ports.ts';
import { buildProgram } from '../../../controller/cli/program.ts';
import { addRun } from '../../../controller/cli/run.ts';

/** The words of a shell command, each without its quotes; undefined in place of what ends a simple command. */
function wordsOf(text: string): readonly (string | undefined)[] {
  const token =
    /(?<space>[^\S\n]+)|(?<comment>(?<=^|\s)#[^\n]*)|(?<end>\n|&&|\|\|?|;|&(?!>)|[()]|\d?>{1,2}&?|<{1,3}(?=\S*))|(?<word>(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|\$\{[^}]*\}|[^\s'"|&;()<>\\])+)/gy;
  const words: (string | undefined)[] = [];
  for (const { groups } of text.replaceAll('\\\n', ' ').matchAll(token)) {
    if (groups?.['end'] !== undefined) words.push(undefined);
    if (groups?.['word'] !== undefined)
      words.push(groups['word'].replaceAll(/\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/g, '$1$2$3'));
  }
  return words;
}

/** The arguments of every `muxlet …` of a shell text, `npx muxlet` and `npm start -- …` (which is `run`) included. */
export function muxletLines(text: string): readonly (readonly string[])[] {
  const inner = [...text.matchAll(/\$\((?<inner>[^()]*)\)/g)].flatMap(({ groups }) =>
    muxletLines(groups?.['inner'] ?? ''),
  );
  const lines: string[][] = [];
  let simple: string[] = [];
  const end = (): void => {
    const argv = argvOf(simple);
    if (argv !== undefined) lines.push(argv);
    simple = [];
  };
  for (const word of wordsOf(text)) {
    if (word === undefined) end();
    else simple.push(word);
  }
  end();
  return [...lines, ...inner];
}

function argvOf(words: readonly string[]): string[] | undefined {
  const rest = words.slice(words.findIndex((word) => !/^\w+=/.test(word) && !WRAPPERS.has(word)));
  if (rest[0] === 'npx' && rest[1] === 'muxlet') return rest.slice(2);
  if (rest[0] === 'muxlet') return rest.slice(1);
  if (rest[0] === 'npm' && rest[1] === 'start') return ['run', ...rest.slice(rest[2] === '--' ? 3 : 2)];
  return undefined;
}

const WRAPPERS = new Set(['exec', 'sudo', 'nohup', 'time', '!', 'env', 'watch']);

/**
 * What is wrong with a command line of muxlet's, as its own parser says it; undefined if nothing is.
 *
 * @param isMention a verb that is only spoken of may lack its arguments
 */
export async function usageFault(argv: readonly string[], isMention = false): Promise<string | undefined> {
  if (argv.length === 0) return undefined;
  let said = '';
  const deps = {
    version: '',
    env: {},
    stdout: { write: () => undefined },
    stderr: { write: (text: string) => (said += text) },
  };
  const program = await buildProgram(deps as unknown as CliDeps);
  addRun(program, deps as unknown as CliDeps, async () => 0);
  quieten(program);
  try {
    program.parse(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    const { code, exitCode, message } = error as { code?: string; exitCode?: number; message: string };
    if (exitCode === 0 || code === 'commander.help') return undefined;
    if (isMention && code !== undefined && LACKS.has(code)) return undefined;
    return said.trim() || message;
  }
}

/** What a verb that is only spoken of may lack. */
const LACKS = new Set([
  'commander.missingArgument',
  'commander.optionMissingArgument',
  'commander.missingMandatoryOptionValue',
]);

/** Verbs are parsed and not carried out. */
function quieten(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  command.exitOverride();
  for (const one of command.commands) quieten(one);
}
