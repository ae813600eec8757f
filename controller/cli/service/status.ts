import type { CliDeps } from '../ports.ts';
import { renderTable } from '../render/table.ts';
import { EXIT } from '../report-error.ts';
import { advice } from './advice.ts';
import { standingOf } from './commands.ts';
import { type FoundFile, findFiles } from './files.ts';
import type { Plan } from './plan.ts';

/** Says how the files and the service stand. Changes nothing; fails, as `systemctl status` does, if it does not run. */
export async function status(plan: Plan, deps: CliDeps): Promise<void> {
  const { manager, service } = plan;
  const files = findFiles(manager.files(service));
  deps.stdout.write(
    renderTable(
      [
        { header: 'FILE', cell: ({ path }: FoundFile) => path },
        { header: 'STATE', cell: stateText },
      ],
      files,
    ),
  );
  const standing = await standingOf(plan, deps);
  deps.stdout.write(`\n${service.name}: ${standing?.words ?? `${manager.program} gives no answer`}\n`);
  if (standing?.isActive !== true) deps.setExitCode(EXIT.failed);
  if (files.some(({ state }) => state.type !== 'Absent')) deps.stdout.write(await advice(plan, deps));
}

function stateText({ state }: FoundFile): string {
  switch (state.type) {
    case 'Absent':
      return 'not installed';
    case 'Ours':
      return 'installed';
    case 'Edited':
      return 'changed by hand';
    case 'Foreign':
      return 'not written by muxlet';
  }
}
