import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { SpecKind } from '../api/kinds.ts';
import { formatProblem } from '../api/problem.ts';
import { validateText } from '../store/specs/validate-text.ts';
import { documentOf, withDocument } from './document-text.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { kindNamed, notFound, parseResources } from './resources.ts';
import { locateOne, type SpecId } from './spec-text.ts';
import { changeSpecs } from './write-specs.ts';

export function addEdit(program: Command, deps: CliDeps): void {
  program
    .command('edit')
    .summary('change an object in your editor')
    .description('Opens the part of the spec file that holds the object in $VISUAL, $EDITOR or vi, and writes it back.')
    .argument('<resources...>', 'TYPE NAME… or TYPE/NAME…')
    .action(async (resources: string[], _flags: unknown, command: Command) => {
      const places = placesOf(command, deps);
      const query = parseResources(resources);
      const readOnly = query.kinds.find((kind) => kind.readOnly);
      if (readOnly !== undefined) throw new MuxletError('MUX_USAGE', `${readOnly.plural} are the controller's own`);
      if (query.type === 'Kinds') throw new MuxletError('MUX_USAGE', 'name the objects to edit');
      for (const { kind, name } of query.names) {
        const change = await editObject({ kind: kind.kind as SpecKind, name }, { deps, places });
        if (change === undefined) deps.stderr.write('Edit cancelled, no changes made.\n');
        else deps.stdout.write(renderChanges([change]));
      }
    });
}

interface EditContext {
  readonly deps: CliDeps;
  readonly places: Places;
}

async function editObject(id: SpecId, { deps, places }: EditContext): Promise<Change | undefined> {
  const standing = locateOne(places, id);
  if (standing === undefined) throw notFound(kindNamed(id.kind), id.name);
  const { file } = standing;
  const original = documentOf(await readFile(file, 'utf8'), standing);
  const folder = await mkdtemp(join(deps.env['TMPDIR'] || tmpdir(), 'muxlet-edit-'));
  const copy = join(folder, basename(file));
  const edited = await editUntilValid(original, { id, file, copy, deps });
  if (edited === undefined) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  try {
    await changeSpecs(deps, { places, dryRun: false }, async (files) => {
      const place = locateOne(places, id);
      const text = place === undefined ? undefined : await files.read(place.file);
      // The editor was open for as long as it took; what is there now must be what was edited.
      if (place === undefined || text === undefined || documentOf(text, place) !== original) {
        throw new MuxletError('MUX_CONFLICT', `${file} was changed while it was edited`, { hint: 'edit it again' });
      }
      files.put(place.file, withDocument(text, place, edited));
    });
  } catch (error) {
    deps.stderr.write(`A copy of your changes is kept in ${copy}\n`);
    throw error;
  }
  await rm(folder, { recursive: true });
  return { ...id, verb: 'edited' };
}

interface EditSession {
  readonly id: SpecId;
  readonly file: string;
  /** Where the person edits. */
  readonly copy: string;
  readonly deps: CliDeps;
}

/**
 * Opens the editor until what it leaves is valid, or unchanged, or empty.
 *
 * @returns the new text; undefined if nothing is to be changed
 * @throws MUX_SPEC_INVALID if it is not valid, and there is no terminal or the person gave it up
 */
async function editUntilValid(original: string, session: EditSession): Promise<string | undefined> {
  const { copy, deps, file } = session;
  let text = original;
  let faults: readonly string[] = [];
  for (;;) {
    await writeFile(copy, header(file, faults) + text, { mode: 0o600 });
    await openEditor(copy, deps);
    const next = withoutHeader(await readFile(copy, 'utf8'));
    if (next.trim() === '' || next === original) return undefined;
    const again = next === text;
    faults = faultsOf(next, session);
    if (faults.length === 0) return next;
    if (again || !deps.isTTY.stdin) {
      throw new MuxletError('MUX_SPEC_INVALID', `nothing was changed:\n${faults.join('\n')}`, {
        hint: `a copy of your changes is kept in ${copy}`,
      });
    }
    text = next;
  }
}

function faultsOf(text: string, { id, file }: EditSession): readonly string[] {
  const { problems, objects } = validateText(text, basename(file));
  const faults = problems.filter(({ severity }) => severity === 'Error').map(formatProblem);
  if (faults.length > 0) return faults;
  const [only, second] = objects;
  if (only?.kind === id.kind && only.name === id.name && second === undefined) return [];
  return [`it must remain the one object ${id.kind} ${id.name}: rename with delete and apply`];
}

/** No object of ours begins with such a line, so that a person's own comments are told from these. */
const HEADER = '#: ';

function header(file: string, faults: readonly string[]): string {
  const lines = [
    'Edit the object below. Lines that begin with "#:" are left out; an empty file cancels.',
    `File: ${file}`,
    ...(faults.length === 0 ? [] : ['', 'It was not valid:', ...faults.flatMap((fault) => fault.split('\n'))]),
  ];
  return lines.map((line) => `${HEADER}${line}`.trimEnd().concat('\n')).join('');
}

function withoutHeader(text: string): string {
  return text.replaceAll(/^#:.*\n?/gm, '');
}

async function openEditor(file: string, { env, programs }: CliDeps): Promise<void> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  // "code --wait" is a program and its argument, as for git and kubectl.
  const argv = [...editor.split(/\s+/).filter((word) => word !== ''), file];
  const exitCode = await programs.runInTerminal(argv, env);
  if (exitCode !== 0) {
    throw new MuxletError('MUX_COMMAND_FAILED', `the editor "${editor}" exited with ${exitCode}; nothing was changed`);
  }
}
