import type { CliDeps } from '../ports.ts';
import { alignRows } from '../render/table.ts';
import type { Plan } from './plan.ts';

/** How to look at a service, and what it still lacks, for a person. */
export async function advice(plan: Plan, deps: CliDeps): Promise<string> {
  const { manager, service } = plan;
  const rows = manager.looks(service).map(([command, what]) => [`  ${command}`, what]);
  return `${alignRows(rows)}${await lingering(plan, deps)}`;
}

/** A person's services end with the last of their sessions, and the tmux server with them, unless the person lingers. */
async function lingering({ manager, service }: Plan, { programs, env, self }: CliDeps): Promise<string> {
  if (service.scope !== 'user' || manager.program !== 'systemctl') return '';
  const asked = ['loginctl', 'show-user', String(self.uid), '--property=Linger', '--value'];
  const { ok, stdout } = await programs.run(asked, { timeoutMs: 5000 });
  if (ok && stdout.trim() === 'yes') return '';
  const name = env['USER'] ?? '';
  return (
    'When your last session ends, systemd ends this service, the tmux server and all agents. To keep them running:\n' +
    `  loginctl enable-linger${name === '' ? '' : ` ${name}`}\n`
  );
}
