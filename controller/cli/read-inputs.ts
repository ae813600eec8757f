import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import { absolute } from './options.ts';
import type { Surroundings } from './ports.ts';

/** A text that -f names. */
export interface InputText {
  /** How it is named in problems: as the person wrote it, or `<stdin>`. */
  readonly name: string;
  /** Absolute path; absent for standard input. */
  readonly file?: string;
  /** Absolute folder that relative paths in the text start from. */
  readonly folder: string;
  readonly text: string;
}

const SPEC_FILE = /\.(ya?ml|json)$/i;

export interface InputOptions {
  readonly recursive: boolean;
}

/**
 * Reads what -f names: files, directories (the specs in them; with -R also in the folders below), `-` for standard input.
 *
 * @throws MUX_NOT_FOUND for a path that is not there, MUX_USAGE if nothing is named or an address of the web is
 */
export async function readInputs(
  names: readonly string[],
  { recursive }: InputOptions,
  { stdin, cwd }: Pick<Surroundings, 'stdin' | 'cwd'>,
): Promise<readonly InputText[]> {
  if (names.length === 0) throw new MuxletError('MUX_USAGE', 'must specify -f FILE, -f DIR or -f -');
  const inputs: InputText[] = [];
  for (const name of names) {
    if (name === '-') inputs.push({ name: '<stdin>', folder: cwd, text: await readAll(stdin) });
    else inputs.push(...(await readPath({ name, path: absolute(cwd, name) }, recursive)));
  }
  return inputs;
}

async function readAll(stdin: Surroundings['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

interface Named {
  readonly name: string;
  readonly path: string;
}

async function readPath({ name, path }: Named, recursive: boolean): Promise<readonly InputText[]> {
  if (/^https?:/.test(name)) {
    throw new MuxletError('MUX_USAGE', `${name} is an address: only files are read`, {
      hint: `fetch it and pipe it in: curl -fsSL ${name} | muxlet apply -f -`,
    });
  }
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) throw new MuxletError('MUX_NOT_FOUND', `the path "${name}" does not exist`);
  if (!facts.isDirectory()) {
    return [{ name, file: path, folder: dirname(path), text: await readFile(path, 'utf8') }];
  }
  const texts = await Promise.all(
    (await specFiles({ name, path }, recursive)).map((file) => readPath(file, recursive)),
  );
  return texts.flat();
}

async function specFiles(folder: Named, recursive: boolean): Promise<readonly Named[]> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  const visible = entries.filter((entry) => !entry.name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const nested = await Promise.all(
    visible.map(async (entry): Promise<readonly Named[]> => {
      const inner = { name: join(folder.name, entry.name), path: join(folder.path, entry.name) };
      if (entry.isDirectory()) return recursive ? await specFiles(inner, recursive) : [];
      return SPEC_FILE.test(entry.name) ? [inner] : [];
    }),
  );
  return nested.flat();
}
