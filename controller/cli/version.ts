import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { CliDeps } from './ports.ts';
import { parseOutput, renderValue } from './render/output.ts';

export function addVersion(program: Command, deps: CliDeps): void {
  program
    .command('version')
    .summary('show the version')
    .description('Shows the versions of muxlet and of what it runs on.')
    .option('-o, --output <format>', 'json, yaml or jsonpath=TEMPLATE')
    .action(({ output }: { output?: string }) => {
      const { version } = deps;
      const format = parseOutput(output);
      if (format.type === 'Name' || (format.type === 'Table' && format.wide)) {
        throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: json, yaml or jsonpath=TEMPLATE`);
      }
      if (format.type === 'Table') {
        deps.stdout.write(`Client Version: v${version}\n`);
        return;
      }
      const platform = `${process.platform}/${process.arch}`;
      const value = { clientVersion: { gitVersion: `v${version}`, nodeVersion: process.version, platform } };
      deps.stdout.write(renderValue(value, format));
    });
}
