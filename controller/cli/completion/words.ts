import { readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';

/** What can be typed of a verb, as plain data. */
export interface VerbWords {
  readonly name: string;
  readonly what: string;
  /** Its own, and not those of the verbs above it. */
  readonly options: readonly OptionWords[];
  readonly below: readonly VerbWords[];
}

export interface OptionWords {
  /** As help says it: `-o, --output <format>`. */
  readonly flags: string;
  readonly long?: string;
  readonly short?: string;
  readonly what: string;
  /** Whether the next word is its value. */
  readonly takesValue: boolean;
  readonly choices?: readonly string[];
}

/** Without what is hidden. */
export function wordsOf(command: Command): VerbWords {
  return {
    name: command.name(),
    what: command.summary() || command.description(),
    options: optionsOf(command).map(
      ({ flags, long, short, description, required, optional, variadic, argChoices }) => ({
        flags,
        ...(long && { long }),
        ...(short && { short }),
        what: description,
        takesValue: required || (optional && variadic),
        ...(argChoices && { choices: argChoices }),
      }),
    ),
    below: command.commands.filter((one) => !one.name().startsWith('_')).map(wordsOf),
  };
}

/** Help is a flag of every verb, and stands once, above all of them, as the places do. */
function optionsOf(command: Command): readonly Option[] {
  return command.parent === null ? command.createHelp().visibleOptions(command) : command.options;
}

/** What the build has written down of all verbs; undefined where the program is run from its sources. */
export function readCompiledWords(): VerbWords | undefined {
  try {
    return JSON.parse(readFileSync(new URL('./words.json', import.meta.url), 'utf8')) as VerbWords;
  } catch {
    return undefined;
  }
}
