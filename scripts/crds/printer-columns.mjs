const age = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** @type {Record<string, { name: string, type: string, jsonPath: string, priority?: number }[]>} */
const COLUMNS = {
  Project: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    age,
  ],
  AgentClass: [{ name: 'Description', type: 'string', jsonPath: '.spec.description' }, age],
  AgentRole: [{ name: 'Description', type: 'string', jsonPath: '.spec.description' }, age],
  Team: [{ name: 'Description', type: 'string', jsonPath: '.spec.description' }, age],
  Message: [
    { name: 'Project', type: 'string', jsonPath: '.spec.to.project' },
    { name: 'Every', type: 'string', jsonPath: '.spec.every' },
    age,
  ],
  Queue: [
    { name: 'Running', type: 'integer', jsonPath: '.status.running' },
    { name: 'Waiting', type: 'integer', jsonPath: '.status.waiting' },
    { name: 'Active', type: 'string', jsonPath: '.status.conditions[?(@.type=="Active")].status' },
    age,
  ],
  GitSource: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Revision', type: 'string', jsonPath: '.status.revision' },
    { name: 'URL', type: 'string', jsonPath: '.spec.url', priority: 1 },
    age,
  ],
  Alert: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Receivers', type: 'string', jsonPath: '.spec.receivers[*].name', priority: 1 },
    age,
  ],
  Agent: [
    { name: 'Project', type: 'string', jsonPath: '.spec.project' },
    { name: 'Class', type: 'string', jsonPath: '.spec.class' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Restarts', type: 'integer', jsonPath: '.status.restarts' },
    { name: 'Branch', type: 'string', jsonPath: '.status.git.branch', priority: 1 },
    { name: 'Ahead', type: 'integer', jsonPath: '.status.git.ahead', priority: 1 },
    { name: 'Changed', type: 'integer', jsonPath: '.status.git.changed', priority: 1 },
    { name: 'Last Commit', type: 'date', jsonPath: '.status.git.lastCommitAt', priority: 1 },
    age,
  ],
  Event: [
    { name: 'Last Seen', type: 'date', jsonPath: '.lastTimestamp' },
    { name: 'Type', type: 'string', jsonPath: '.type' },
    { name: 'Reason', type: 'string', jsonPath: '.reason' },
    { name: 'Kind', type: 'string', jsonPath: '.involvedObject.kind', priority: 1 },
    { name: 'Object', type: 'string', jsonPath: '.involvedObject.name' },
    { name: 'Message', type: 'string', jsonPath: '.message' },
  ],
};

/**
 * What `kubectl get` shows of a kind beside its name.
 * @param {string} kind
 */
export function printerColumns(kind) {
  const columns = COLUMNS[kind];
  if (columns === undefined) throw new Error(`scripts/crds/printer-columns.mjs lacks the columns of ${kind}`);
  return columns;
}
