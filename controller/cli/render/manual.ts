import type { Argument, Command, Option } from 'commander';
import { EXAMPLES, pathOf } from '../examples.ts';

/** The manual page of the program (man(7)), out of what its verbs say of themselves. */
export function manualOf(program: Command, version: string): string {
  const verbs = program.commands.flatMap(visible);
  return [
    `.TH MUXLET 1 "" "muxlet ${text(version)}" "User Commands"`,
    '.SH NAME',
    `muxlet \\- keep teams of AI coding agents alive and working in tmux`,
    '.SH SYNOPSIS',
    '.B muxlet',
    '.RI [ flags ]',
    '.I verb',
    '.RI [ arguments ]',
    '.SH DESCRIPTION',
    text(program.description()),
    'What should run stands as YAML in a directory of specs;',
    '.B muxlet run',
    'makes it true and keeps it true. What kubectl has is done as kubectl does it.',
    'Reading verbs work without a controller, and change nothing. No verb asks anything without a terminal.',
    '.SH FLAGS OF ALL VERBS',
    ...program.createHelp().visibleOptions(program).flatMap(optionLines),
    '.SH VERBS',
    ...verbs.flatMap((verb) => verbLines(verb, program)),
    '.SH ENVIRONMENT',
    ...[
      ['MUXLET_SPECS, MUXLET_STATE, MUXLET_TMUX_SOCKET, MUXLET_LISTEN', 'as the flags of these names, which win'],
      ['TMUX_TMPDIR', 'where tmux keeps its sockets; the same for the controller and for verbs'],
      ['VISUAL, EDITOR', 'the editor of muxlet edit'],
      ['NO_COLOR', 'no colours'],
      ['MUXLET_DEBUG', 'errors come with their stack'],
    ].flatMap(([name = '', what = '']) => tagged(`\\fB${text(name)}\\fR`, what)),
    '.SH EXIT STATUS',
    ...tagged('0', 'done'),
    ...tagged('1', 'failed'),
    ...tagged('2', 'wrong usage'),
    '.SH SEE ALSO',
    '.BR tmux (1),',
    '.BR git (1),',
    '.BR systemctl (1)',
    '',
  ].join('\n');
}

function visible(command: Command): readonly Command[] {
  return command.name().startsWith('_') ? [] : [command, ...command.commands.flatMap(visible)];
}

function verbLines(verb: Command, program: Command): readonly string[] {
  const own = verb.options.filter((option) => !program.options.includes(option));
  const examples = EXAMPLES[pathOf(verb)] ?? [];
  const usage = [...verb.registeredArguments.map(argumentText), ...(own.length > 0 ? ['[flags]'] : [])].join(' ');
  return [
    `.SS "muxlet ${text(pathOf(verb))}${usage === '' ? '' : ` ${text(usage)}`}"`,
    text(verb.description()),
    ...verb.registeredArguments.flatMap((argument) =>
      argument.description === '' ? [] : tagged(`\\fI${text(argument.name())}\\fR`, argument.description),
    ),
    ...own.flatMap(optionLines),
    ...(examples.length === 0
      ? []
      : ['.PP', '.nf', ...examples.flatMap(({ does, line }) => [text(`    # ${does}`), text(`    ${line}`)]), '.fi']),
  ];
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionLines({ flags, description, defaultValue }: Option): readonly string[] {
  const standard =
    typeof defaultValue === 'string' && !description.includes('default') ? ` (default: ${defaultValue})` : '';
  return tagged(`\\fB${text(flags)}\\fR`, `${description}${standard}`);
}

function tagged(tag: string, what: string): readonly string[] {
  return ['.TP', tag, text(what)];
}

/** Text that means itself in roff: no escapes, no requests at a line's beginning, hyphens that can be copied. */
function text(plain: string): string {
  const escaped = plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    // Where the language of the terminal has none, troff would leave it out.
    .replaceAll('…', '...')
    .replaceAll(
      /[^\u0020-\u007e]/g,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
