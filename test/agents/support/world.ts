import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What one agent has to itself. */
export interface World {
  /** Empty but for what the test writes. */
  readonly home: string;
  /** A git repository with one commit, where the agent works. */
  readonly directory: string;
  /** Of the model API, with the agent's label. */
  readonly url: string;
}

export function newWorld(url: string): World & { readonly remove: () => void } {
  const folder = mkdtempSync('/tmp/world-');
  const directory = `${folder}/work`;
  writeFile(`${directory}/README.md`, '# A repository to work in\n');
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', directory, ...args], { stdio: 'ignore' });
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  git('init', '--initial-branch=main');
  git('add', '.');
  git(...author, 'commit', '--message=First');
  mkdirSync(`${folder}/home`);
  return {
    home: `${folder}/home`,
    directory,
    url,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

/** With the folders above it. */
export function writeFile(path: string, content: string | object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

/** A file in which a project names servers, which do nothing. */
export function mcpServers(...names: readonly string[]): string {
  return JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, { command: 'cat' }])) });
}
