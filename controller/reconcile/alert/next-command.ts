import type { NotificationItem } from '../../api/notification.ts';

/** What a person would type first; nothing where there is nothing to look at. */
export function nextCommand({
  kind,
  name,
  project,
  reason,
}: Pick<NotificationItem, 'kind' | 'name' | 'project' | 'reason'>) {
  switch (kind) {
    case 'Agent': {
      if (project === undefined) return undefined;
      const agent = name.slice(project.length + 1);
      return `muxlet attach ${project} -a ${agent}`;
    }
    case 'Project':
    case 'AgentClass':
    case 'Queue':
    case 'GitSource':
    case 'Message':
    case 'Alert':
      return reason === 'Deleted' ? undefined : `muxlet describe ${kind.toLowerCase()} ${name}`;
    case 'Controller':
      return 'muxlet doctor';
    default:
      return undefined;
  }
}
