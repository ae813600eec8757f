import agent from './schemas/agent.schema.json' with { type: 'json' };
import agentClass from './schemas/agentclass.schema.json' with { type: 'json' };
import agentRole from './schemas/agentrole.schema.json' with { type: 'json' };
import alert from './schemas/alert.schema.json' with { type: 'json' };
import event from './schemas/event.schema.json' with { type: 'json' };
import gitSource from './schemas/gitsource.schema.json' with { type: 'json' };
import message from './schemas/message.schema.json' with { type: 'json' };
import project from './schemas/project.schema.json' with { type: 'json' };
import queue from './schemas/queue.schema.json' with { type: 'json' };
import team from './schemas/team.schema.json' with { type: 'json' };

/** The JSON Schemas of all kinds, by the name of the file, which is what their references to one another say. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  'agent.schema.json': agent,
  'agentclass.schema.json': agentClass,
  'agentrole.schema.json': agentRole,
  'alert.schema.json': alert,
  'event.schema.json': event,
  'gitsource.schema.json': gitSource,
  'message.schema.json': message,
  'project.schema.json': project,
  'queue.schema.json': queue,
  'team.schema.json': team,
};
