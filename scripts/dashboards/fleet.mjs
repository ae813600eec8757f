import { dashboard } from './dashboard.mjs';
import { stat, table, timeseries, valueNames } from './panels.mjs';
import { HERE, ORANGE, RED } from './queries.mjs';

const UP = valueNames({ 0: { text: 'Down', color: 'red' }, 1: { text: 'Up', color: 'green' } });
/** @param {number} orange @param {number} green */
const atLeast = (orange, green) => [
  { value: orange, color: 'orange' },
  { value: green, color: 'green' },
];

/** Is all well, how much is done, and how well does it go? */
export const fleet = dashboard({
  uid: 'muxlet-fleet',
  title: 'muxlet / Fleet overview',
  description: 'Is all well, how much is done, and how well does it go over days and weeks.',
  rows: {
    Now: [
      stat('Controller', `min(up{job="muxlet", ${HERE}})`, {
        description: 'Whether Prometheus reaches the controller. Down: agents run on, and nobody puts them right.',
        mappings: UP,
        noValue: 'Down',
      }),
      stat('Alerts', 'count(ALERTS{alertname=~"Muxlet.+", alertstate="firing"}) or vector(0)', {
        description: 'Alerts of muxlet that are firing. Each has a runbook in docs/runbooks.',
        steps: RED,
      }),
      stat('Projects running', `sum(muxlet_objects{phase="Running", ${HERE}})`, {
        description: 'Projects whose agents are all up and at work.',
      }),
      stat('Projects waiting', `sum(muxlet_objects{phase=~"Pending|Queued", ${HERE}})`, {
        description: 'Projects that wait for a slot or for something that they depend on.',
      }),
      stat('Projects failed', `sum(muxlet_objects{phase="Failed", ${HERE}})`, {
        description: 'Projects whose result is Failed. They stay so until the spec changes or somebody resets them.',
        steps: ORANGE,
      }),
      stat('Agents at work', `sum(muxlet_agents{state=~"Starting|Idle|Busy", ${HERE}}) or vector(0)`, {
        description: 'Agents that run, and of which nothing is wanted.',
      }),
      stat('Agents waiting', `sum(muxlet_agents{state=~"Waiting|NeedsAuth", ${HERE}}) or vector(0)`, {
        description: 'Agents that wait for a person: an answer, or a login.',
        steps: ORANGE,
        link: { title: 'Agents and accounts', url: '/d/muxlet-agents?${instance:queryparam}&${__url_time_range}' },
      }),
      stat('Agents broken', `sum(muxlet_agents{state=~"Stuck|CrashLoopBackOff|Unknown", ${HERE}}) or vector(0)`, {
        description: 'Agents that are stuck, end again and again, or cannot be seen.',
        steps: RED,
        link: { title: 'Agents and accounts', url: '/d/muxlet-agents?${instance:queryparam}&${__url_time_range}' },
      }),
    ],
    Work: [
      timeseries('Projects by phase', [`sum by (phase) (muxlet_objects{${HERE}}) > 0`, '{{phase}}'], {
        description: 'All projects, by what they are in.',
        stack: true,
        min: 0,
      }),
      timeseries('Agents by state', [`sum by (state) (muxlet:agents:by_state{${HERE}}) > 0`, '{{state}}'], {
        description: 'All agents, by what they do.',
        stack: true,
        min: 0,
      }),
      timeseries(
        'Queues',
        [
          [`sum by (queue) (muxlet_queue_running{${HERE}})`, '{{queue}} running'],
          [`sum by (queue) (muxlet_queue_waiting{${HERE}})`, '{{queue}} waiting'],
        ],
        { description: 'Slots that are taken, and projects in the line.', min: 0 },
      ),
      timeseries(
        'Results an hour',
        [`sum by (result) (increase(muxlet_project_results_total{${HERE}}[1h]))`, '{{result}}'],
        {
          description: 'Projects that came to a result, all attempts over.',
          min: 0,
        },
      ),
      timeseries(
        'Why attempts failed',
        [`sum by (reason) (increase(muxlet_project_attempts_total{result="Failed", ${HERE}}[1h])) > 0`, '{{reason}}'],
        { description: 'Attempts an hour that failed, by reason; each may be followed by another.', min: 0 },
      ),
      timeseries(
        'Admissions an hour',
        [`sum by (queue) (increase(muxlet_queue_admissions_total{${HERE}}[1h]))`, '{{queue}}'],
        { description: 'Projects that were given a slot.', min: 0 },
      ),
      timeseries(
        'How long projects take',
        [0.5, 0.9].map((q) => [
          `histogram_quantile(${q}, sum by (le) (increase(muxlet_project_duration_seconds_bucket{result="Completed", ${HERE}}[1d])))`,
          `${q * 100} %`,
        ]),
        {
          description: 'From the first start of an agent to completion, over a day; medians and the slow tenth.',
          unit: 's',
          min: 0,
        },
      ),
      timeseries(
        'How long projects wait for a slot',
        [0.5, 0.9].map((q) => [
          `histogram_quantile(${q}, sum by (le) (increase(muxlet_queue_wait_seconds_bucket{${HERE}}[1d])))`,
          `${q * 100} %`,
        ]),
        { description: 'From the moment in which one could have run to its slot, over a day.', unit: 's', min: 0 },
      ),
      timeseries('Breakers', [`max by (queue) (muxlet_queue_breaker_state{${HERE}})`, '{{queue}}'], {
        description:
          'The circuit breaker of each queue. Open: its projects failed one after the other, and no more are begun.',
        mappings: valueNames({
          0: { text: 'Closed', color: 'green' },
          1: { text: 'Half open', color: 'orange' },
          2: { text: 'Open', color: 'red' },
        }),
        min: 0,
        max: 2,
      }),
      table('Projects', `muxlet_project_phase{${HERE}}`, {
        description: 'Every project and its phase. The name leads to its dashboard.',
        columns: ['project', 'phase', 'instance'],
        width: 24,
        link: {
          title: 'Project',
          url: '/d/muxlet-project?var-project=${__data.fields.project}&var-instance=${__data.fields.instance}&${__url_time_range}',
        },
      }),
    ],
    'People told': [
      timeseries(
        'Notifications an hour',
        [
          `sum by (alert, receiver, result) (increase(muxlet_notifications_total{${HERE}}[1h]))`,
          '{{alert}} {{receiver}} {{result}}',
        ],
        { description: 'Tries to tell receivers of Alerts. Failed ones are made again, less and less often.', min: 0 },
      ),
      timeseries(
        'Not yet told',
        [`sum by (alert, receiver) (muxlet_notification_events_waiting{${HERE}})`, '{{alert}} {{receiver}}'],
        {
          description: 'Events that wait for their receiver. Some always do, for minutes; it must not only rise.',
          min: 0,
        },
      ),
      timeseries(
        'Never told, an hour',
        [
          `sum by (alert, receiver) (increase(muxlet_notification_events_dropped_total{${HERE}}[1h]))`,
          '{{alert}} {{receiver}}',
        ],
        { description: 'Events that a receiver refused for good: its address or its form is wrong.', min: 0 },
      ),
    ],
    'How well it goes': [
      stat('Completed, 7 days', [`muxlet:project_completion:ratio_7d{${HERE}}`, '{{size}}'], {
        description: 'Results that are Completed, of all, by the size of the project.',
        unit: 'percentunit',
        width: 6,
        steps: atLeast(0.7, 0.9),
      }),
      stat('Failed falsely, 7 days', [`muxlet:project_false_failures:ratio_7d{${HERE}}`, '{{size}}'], {
        description: 'Failed results that were proved wrong: reset as they were, and completed. By size.',
        unit: 'percentunit',
        width: 6,
        steps: [
          { value: 0.02, color: 'orange' },
          { value: 0.1, color: 'red' },
        ],
      }),
      stat('Messages delivered, 1 day', `avg(muxlet:message_delivery:ratio_1d{${HERE}})`, {
        description: 'Messages that the program recorded, of all that ended and were not superseded.',
        unit: 'percentunit',
        width: 6,
        steps: atLeast(0.95, 0.99),
      }),
      stat('Probes passed, 1 hour', [`muxlet:probes_passed:ratio_1h{${HERE}}`, '{{probe}}'], {
        description: 'Health checks of agents that succeeded, of those that could be run.',
        unit: 'percentunit',
        width: 6,
        steps: atLeast(0.9, 0.99),
      }),
      stat('Time to detect, 1 day', [`muxlet:fault_detection_seconds:p90_1d{${HERE}} >= 0`, '{{fault}}'], {
        description: 'From the last sign of life of an agent that is stuck to finding it; nine of ten are faster.',
        unit: 's',
        width: 8,
        steps: [
          { value: 900, color: 'orange' },
          { value: 1800, color: 'red' },
        ],
      }),
      stat('Time to recover, 1 day', [`muxlet:fault_recovery_seconds:p90_1d{${HERE}} >= 0`, '{{fault}}'], {
        description: 'From finding a fault to the agent running again, backoff included; nine of ten are faster.',
        unit: 's',
        width: 8,
        steps: [
          { value: 60, color: 'orange' },
          { value: 600, color: 'red' },
        ],
      }),
      stat('By hand, 1 day', [`sum by (verb) (muxlet:interventions:increase_1d{${HERE}})`, '{{verb}}'], {
        description: 'Projects that people reset and agents that they restarted.',
        decimals: 0,
        width: 8,
        steps: [{ value: 5, color: 'orange' }],
      }),
    ],
  },
});
