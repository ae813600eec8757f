import { dashboard } from './dashboard.mjs';
import { stat, stateTimeline, timeseries, valueNames } from './panels.mjs';
import { HERE, numbered } from './queries.mjs';

const OWN = `${HERE}, project="$project"`;

const PHASES = [
  { text: 'Pending', color: 'light-blue' },
  { text: 'Queued', color: 'blue' },
  { text: 'Initializing', color: 'light-green' },
  { text: 'Authenticating', color: 'orange' },
  { text: 'SettingUp', color: 'light-green' },
  { text: 'Running', color: 'green' },
  { text: 'Recovering', color: 'orange' },
  { text: 'TimingOut', color: 'orange' },
  { text: 'Zombie', color: 'red' },
  { text: 'Verifying', color: 'purple' },
  { text: 'Completed', color: 'dark-green' },
  { text: 'Failed', color: 'red' },
  { text: 'Suspended', color: 'text' },
  { text: 'Terminating', color: 'text' },
];

const STATES = [
  { text: 'Pending', color: 'light-blue' },
  { text: 'Starting', color: 'light-green' },
  { text: 'Idle', color: 'blue' },
  { text: 'Busy', color: 'green' },
  { text: 'Waiting', color: 'orange' },
  { text: 'NeedsAuth', color: 'orange' },
  { text: 'Limited', color: 'yellow' },
  { text: 'Stuck', color: 'red' },
  { text: 'Exited', color: 'text' },
  { text: 'CrashLoopBackOff', color: 'red' },
  { text: 'Unknown', color: 'purple' },
];

/** @param {{ text: string, color: string }[]} values */
function names(values) {
  return valueNames(Object.fromEntries(values.map((value, index) => [index + 1, value])));
}

const phase = numbered(`muxlet_project_phase{${OWN}}`, 'phase', { values: PHASES, by: 'project' });
const states = numbered(`muxlet_agent_state{${OWN}}`, 'state', { values: STATES, by: 'agent' });

/** One project, over time. */
export const project = dashboard({
  uid: 'muxlet-project',
  title: 'muxlet / Project',
  description: 'One project: what it was in, what its agents did, how much of its time and their context is left.',
  variables: [
    { name: 'project', label: 'Project', query: 'label_values(muxlet_project_phase{instance=~"$instance"}, project)' },
  ],
  rows: {
    $project: [
      stat('Phase', phase, { description: 'What the project is in.', mappings: names(PHASES), width: 6 }),
      stat('Agents', `count(muxlet_agent_state{${OWN}})`, { description: 'Agents of the project.', width: 4 }),
      stat('Restarts', `sum(increase(muxlet_agent_restarts_total{${OWN}}[$__range]))`, {
        description: 'How often its agents were started again, in the time shown.',
        decimals: 0,
        width: 4,
        steps: [
          { value: 5, color: 'orange' },
          { value: 20, color: 'red' },
        ],
      }),
      stat('Worked', `max(muxlet_project_active_seconds{${OWN}})`, {
        description: 'For how long the clock of the present attempt has run; it stands still while agents cannot work.',
        unit: 's',
        width: 5,
      }),
      stat('Time left', `min(muxlet_project_deadline_left_seconds{${OWN}})`, {
        description: 'Until the deadline of the present attempt. Empty: the project has none.',
        unit: 's',
        noValue: 'no deadline',
        width: 5,
        steps: [
          { value: 0, color: 'orange' },
          { value: 900, color: 'green' },
        ],
      }),
      stateTimeline('Phase over time', [phase, '{{project}}'], {
        description: 'What the project was in.',
        mappings: names(PHASES),
        height: 4,
      }),
      stateTimeline('Agents over time', [states, '{{agent}}'], {
        description: 'What each agent did. A gap: nothing was known of it.',
        mappings: names(STATES),
        height: 10,
      }),
      timeseries(
        'Restarts an hour',
        [`sum by (agent) (increase(muxlet_agent_restarts_total{${OWN}}[1h]))`, '{{agent}}'],
        {
          description: 'How often each agent was started again within the hour before.',
          min: 0,
          steps: [{ value: 10, color: 'red' }],
        },
      ),
      timeseries('Context left', [`muxlet_agent_context_left_ratio{${OWN}}`, '{{agent}}'], {
        description: 'How full each conversation is, where the class can tell. Near nothing, the program compacts it.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        steps: [{ value: 0.1, color: 'green' }],
      }),
      timeseries(
        'Clock',
        [
          [`max(muxlet_project_active_seconds{${OWN}})`, 'worked'],
          [`min(muxlet_project_deadline_left_seconds{${OWN}})`, 'left'],
        ],
        {
          description: 'Worked and left time of the present attempt. A step down of the first is a new attempt.',
          unit: 's',
          min: 0,
        },
      ),
    ],
    'Work trees': [
      timeseries('Files not committed', [`muxlet_agent_git_uncommitted_files{${OWN}}`, '{{agent}}'], {
        description: 'Files that are changed or not tracked in the work tree of each agent.',
        min: 0,
      }),
      timeseries(
        'Commits',
        [
          [`muxlet_agent_git_ahead{${OWN}}`, '{{agent}} ahead'],
          [`muxlet_agent_git_behind{${OWN}}`, '{{agent}} behind'],
        ],
        {
          description: 'Commits that each agent has and the base of its work has not, and the other way round.',
          min: 0,
        },
      ),
      timeseries(
        'Since the last commit',
        [`time() - muxlet_agent_git_last_commit_timestamp_seconds{${OWN}}`, '{{agent}}'],
        {
          description: 'How old the commit is that each agent has checked out.',
          unit: 's',
          min: 0,
        },
      ),
    ],
  },
});
