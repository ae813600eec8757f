import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { API_VERSION, KINDS, type KindInfo } from '../api/kinds.ts';
import type { CliDeps } from './ports.ts';
import { type Column, renderTable } from './render/table.ts';

const WRITING_VERBS = ['create', 'apply', 'edit', 'label', 'annotate', 'delete'];

const COLUMNS: readonly Column<KindInfo>[] = [
  { header: 'NAME', cell: ({ plural }) => plural },
  { header: 'SHORTNAMES', cell: ({ shortNames }) => shortNames.join(',') },
  { header: 'APIVERSION', cell: () => API_VERSION },
  { header: 'NAMESPACED', cell: () => 'false' },
  { header: 'KIND', cell: ({ kind }) => kind },
  { header: 'VERBS', cell: ({ readOnly }) => ['get', ...(readOnly ? [] : WRITING_VERBS)].join(','), wide: true },
];

export function addApiResources(program: Command, deps: CliDeps): void {
  program
    .command('api-resources')
    .summary('list the kinds of objects')
    .description('Lists the kinds of objects that muxlet knows.')
    .option('-o, --output <format>', 'wide or name')
    .option('--no-headers', 'leave out the headings')
    .action(({ output, headers }: { output?: string; headers: boolean }) => {
      const kinds = [...KINDS].sort((a, b) => (a.plural < b.plural ? -1 : 1));
      if (output === 'name') return void deps.stdout.write(kinds.map(({ plural }) => `${plural}\n`).join(''));
      if (output !== undefined && output !== 'wide') {
        throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: wide or name`);
      }
      deps.stdout.write(renderTable(COLUMNS, kinds, { wide: output === 'wide', headers }));
    });
}
