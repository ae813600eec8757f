import { dashboard } from './dashboard.mjs';
import { stat, table, timeseries, valueNames } from './panels.mjs';
import { HERE, ORANGE, quantile, RED } from './queries.mjs';

const JOB = `job="muxlet", ${HERE}`;
/** @param {string} yes @param {string} no */
const either = (yes, no) => valueNames({ 0: { text: no, color: 'red' }, 1: { text: yes, color: 'green' } });

/** Does muxlet itself keep up? */
export const controller = dashboard({
  uid: 'muxlet-controller',
  title: 'muxlet / Controller internals',
  description: 'Does muxlet itself keep up: work queue, looks, actions, tmux, specs, state, memory.',
  rows: {
    Now: [
      stat('Leads', `min(muxlet_leader{${HERE}})`, {
        description: 'Whether the controller holds the lock of its state directory.',
        mappings: either('Yes', 'No'),
      }),
      stat('Last look', `max(muxlet_observation_age_seconds{${HERE}})`, {
        description: 'Since the last complete look at tmux. What cannot be seen is not touched.',
        unit: 's',
        steps: [
          { value: 15, color: 'orange' },
          { value: 30, color: 'red' },
        ],
      }),
      stat('tmux', [`min by (server) (muxlet_tmux_connected{${HERE}})`, '{{server}}'], {
        description: 'The connection to each tmux server.',
        mappings: either('Connected', 'Not connected'),
      }),
      stat('State directory', `max(muxlet_state_unwritable{${HERE}})`, {
        description: 'Whether it can be written.',
        mappings: valueNames({ 0: { text: 'Writable', color: 'green' }, 1: { text: 'Not writable', color: 'red' } }),
      }),
      stat('Problems in specs', [`sum by (severity) (muxlet_problems{${HERE}})`, '{{severity}}'], {
        description: 'What muxlet get problems shows. The last good version of a broken file is in force.',
        steps: ORANGE,
      }),
      stat('Disagreements', `sum(muxlet_audit_mismatches{${HERE}})`, {
        description: 'Of specs, records, tmux and processes, that did not heal; muxlet audit names them.',
        steps: RED,
      }),
      stat('Errors', `max(muxlet:reconcile_errors:ratio_5m{${HERE}})`, {
        description: 'Looks at objects that ended with an error, of all in five minutes.',
        unit: 'percentunit',
        steps: [
          { value: 0.01, color: 'orange' },
          { value: 0.1, color: 'red' },
        ],
      }),
      stat('Up since', `max(time() - process_start_time_seconds{${JOB}})`, {
        description: 'How long the controller has run.',
        unit: 's',
      }),
    ],
    'The loop': [
      timeseries('Work queue', [`max by (instance) (workqueue_depth{${JOB}})`, '{{instance}}'], {
        description: 'Objects that wait to be looked at.',
        min: 0,
        steps: [{ value: 100, color: 'red' }],
      }),
      timeseries(
        'Adds and retries',
        [
          [`sum(rate(workqueue_adds_total{${JOB}}[$__rate_interval]))`, 'adds'],
          [`sum(rate(workqueue_retries_total{${JOB}}[$__rate_interval]))`, 'retries'],
        ],
        { description: 'Objects put into the queue a second, and put back to be tried again.', unit: 'cps', min: 0 },
      ),
      timeseries(
        'Waiting and working',
        [
          [quantile(0.99, `workqueue_queue_duration_seconds{${JOB}}`), 'waiting, 99 %'],
          [quantile(0.99, `workqueue_work_duration_seconds{${JOB}}`), 'working, 99 %'],
        ],
        { description: 'How long an object waits for a worker, and how long one works on it.', unit: 's', min: 0 },
      ),
      timeseries(
        'Under way',
        [
          [`max(workqueue_longest_running_processor_seconds{${JOB}})`, 'longest'],
          [`sum(workqueue_unfinished_work_seconds{${JOB}})`, 'all'],
        ],
        {
          description: 'Since when objects are being worked on.',
          unit: 's',
          min: 0,
          steps: [{ value: 60, color: 'red' }],
        },
      ),
      timeseries(
        'Reconciles',
        [`sum by (result) (rate(muxlet_reconcile_total{${HERE}}[$__rate_interval]))`, '{{result}}'],
        {
          description: 'Looks at objects a second, by how they ended.',
          unit: 'cps',
          min: 0,
        },
      ),
      timeseries('Duration of a reconcile', [`muxlet:reconcile_duration_seconds:p99_5m{${HERE}} >= 0`, '{{kind}}'], {
        description: 'By kind; 99 of 100 are faster.',
        unit: 's',
        min: 0,
      }),
      timeseries('Looks', [quantile(0.99, `muxlet_observation_duration_seconds{${HERE}}`, 'scope'), '{{scope}}'], {
        description: 'How long a look at tmux takes: at everything, or for one project; 99 of 100 are faster.',
        unit: 's',
        min: 0,
      }),
      timeseries(
        'Actions',
        [`sum by (verb) (rate(muxlet_actions_total{${HERE}}[$__rate_interval])) * 60 > 0`, '{{verb}}'],
        {
          description: 'What is done, a minute. At rest, nothing.',
          min: 0,
        },
      ),
      timeseries(
        'Actions that fail',
        [`sum(rate(muxlet_actions_total{result="error", ${HERE}}[$__rate_interval])) * 60`, 'errors a minute'],
        { description: 'Each is an event ActionFailed, which says why.', min: 0, steps: RED },
      ),
      timeseries('Duration of actions', [quantile(0.99, `muxlet_action_duration_seconds{${HERE}}`), '99 %'], {
        description: 'How long an action takes; 99 of 100 are faster.',
        unit: 's',
        min: 0,
      }),
      timeseries('Disagreements', [`sum by (kind) (muxlet_audit_mismatches{${HERE}})`, '{{kind}}'], {
        description: 'Of specs, records, tmux and processes, by kind.',
        min: 0,
      }),
    ],
    tmux: [
      timeseries(
        'Commands',
        [`sum by (result) (rate(muxlet_tmux_commands_total{${HERE}}[$__rate_interval]))`, '{{result}}'],
        {
          description: 'Commands to tmux a second.',
          unit: 'cps',
          min: 0,
        },
      ),
      timeseries('Duration of a command', [quantile(0.99, `muxlet_tmux_command_duration_seconds{${HERE}}`), '99 %'], {
        description: 'From sending a command to its answer.',
        unit: 's',
        min: 0,
      }),
      timeseries(
        'Notifications',
        [`sum by (type) (rate(muxlet_tmux_notifications_total{${HERE}}[$__rate_interval])) > 0`, '{{type}}'],
        {
          description: 'What tmux tells by itself, a second.',
          unit: 'cps',
          min: 0,
        },
      ),
      timeseries(
        'Starts of a server, an hour',
        [`sum by (server) (increase(muxlet_tmux_server_starts_total{${HERE}}[1h]))`, '{{server}}'],
        {
          description: 'Each after the first means that all agents on it were lost.',
          min: 0,
          steps: [{ value: 2, color: 'red' }],
        },
      ),
    ],
    'Specs and state': [
      timeseries(
        'Reloads an hour',
        [`sum by (result) (increase(muxlet_config_reloads_total{${HERE}}[1h]))`, '{{result}}'],
        {
          description: 'How often the specs were loaded, and whether a problem was found.',
          min: 0,
        },
      ),
      timeseries(
        'Duration of a reload',
        [
          `histogram_quantile(0.99, sum by (le) (increase(muxlet_config_reload_duration_seconds_bucket{${HERE}}[1h])))`,
          '99 %',
        ],
        {
          description: 'How long loading the specs takes.',
          unit: 's',
          min: 0,
        },
      ),
      timeseries(
        'Since the last good load',
        [`max(time() - (muxlet_config_last_reload_success_timestamp_seconds{${HERE}} > 0))`, 'age'],
        {
          description:
            'How old the specs are that were last loaded without a problem. Old is well where nothing was changed.',
          unit: 's',
          min: 0,
        },
      ),
      timeseries(
        'Writes',
        [`sum by (result) (rate(muxlet_state_writes_total{${HERE}}[$__rate_interval]))`, '{{result}}'],
        {
          description: 'To the state directory, a second.',
          unit: 'cps',
          min: 0,
        },
      ),
      timeseries(
        'Problems of the state directory, an hour',
        [`sum by (type) (increase(muxlet_state_problems_total{${HERE}}[1h]))`, '{{type}}'],
        {
          description: 'What could not be written or read.',
          min: 0,
          steps: RED,
        },
      ),
    ],
    Git: [
      timeseries('Followed repositories', [`min by (gitsource) (muxlet_gitsource_ready{${HERE}})`, '{{gitsource}}'], {
        description: 'Whether each GitSource is ready. 0: its last good commit is in force.',
        min: 0,
        max: 1,
      }),
      timeseries(
        'Looks at repositories, an hour',
        [`sum by (result) (increase(muxlet_gitsource_looks_total{${HERE}}[1h]))`, '{{result}}'],
        { description: 'Taken: whether or not it was new. Refused: what was found is not put in force.', min: 0 },
      ),
      timeseries(
        'Duration of looks',
        [
          [quantile(0.99, `muxlet_gitsource_look_duration_seconds{${HERE}}`), 'repositories, 99 %'],
          [quantile(0.99, `muxlet_git_look_duration_seconds{${HERE}}`), 'work trees, 99 %'],
        ],
        { description: 'How long git takes; 99 of 100 looks are faster.', unit: 's', min: 0 },
      ),
      timeseries(
        'Looks at work trees',
        [`sum by (result) (rate(muxlet_git_looks_total{${HERE}}[$__rate_interval]))`, '{{result}}'],
        { description: 'Looks a second for which git was started.', unit: 'cps', min: 0 },
      ),
    ],
    'The process': [
      timeseries(
        'Processor',
        [`sum by (instance) (rate(process_cpu_seconds_total{${JOB}}[$__rate_interval]))`, '{{instance}}'],
        {
          description: 'Of one core.',
          unit: 'percentunit',
          min: 0,
        },
      ),
      timeseries(
        'Memory',
        [
          [`max by (instance) (process_resident_memory_bytes{${JOB}})`, '{{instance}} resident'],
          [`max by (instance) (nodejs_heap_size_used_bytes{${JOB}})`, '{{instance}} heap'],
        ],
        { description: 'Of the controller alone, without agents and tmux.', unit: 'bytes', min: 0 },
      ),
      timeseries('Event loop', [`max by (instance) (nodejs_eventloop_lag_p99_seconds{${JOB}})`, '{{instance}}'], {
        description: 'How late timers are, in the worst hundredth.',
        unit: 's',
        min: 0,
      }),
      timeseries('Open files', [`max by (instance) (process_open_fds{${JOB}})`, '{{instance}}'], {
        description: 'File descriptors of the controller.',
        min: 0,
      }),
      table('Versions', `muxlet_build_info{${HERE}}`, {
        description: 'Which controller runs where, and on what.',
        columns: ['instance', 'version', 'node', 'tmux'],
        width: 16,
        height: 7,
      }),
    ],
  },
});
