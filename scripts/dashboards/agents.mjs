import { dashboard } from './dashboard.mjs';
import { stat, table, timeseries } from './panels.mjs';
import { HERE, ORANGE, quantile, RED } from './queries.mjs';

const OF_CLASS = `${HERE}, class=~"$class"`;
const TO_PROJECT = {
  title: 'Project',
  url: '/d/muxlet-project?var-project=${__data.fields.project}&${instance:queryparam}&${__url_time_range}',
};

/** Who waits, hangs and falls over, and what their accounts have to do with it. */
export const agents = dashboard({
  uid: 'muxlet-agents',
  title: 'muxlet / Agents and accounts',
  description: 'Who waits, hangs or falls over; logins and limits; messages; how fast faults are found and healed.',
  variables: [
    {
      name: 'class',
      label: 'Class',
      query: 'label_values(muxlet_agents{instance=~"$instance"}, class)',
      isMany: true,
    },
  ],
  rows: {
    Now: [
      stat('Accounts logged in', `sum(muxlet_accounts{state="LoggedIn", ${HERE}})`, {
        description: 'Classes of which there are agents, and whose program says that it is logged in.',
        width: 4,
      }),
      stat('Without a login', `sum(muxlet_accounts{state=~"LoginLost|NotLoggedIn", ${HERE}})`, {
        description: 'All agents of these are held until somebody logs in.',
        steps: RED,
        width: 4,
      }),
      stat('At a limit', `sum(muxlet_accounts{state="Limited", ${HERE}})`, {
        description: 'Accounts at their usage limit; their agents go on by themselves.',
        steps: ORANGE,
        width: 4,
      }),
      stat('Agents held', `sum(muxlet_agents_held{${HERE}})`, {
        description: 'Agents that are not started, or stand still, for their account.',
        steps: ORANGE,
        width: 4,
      }),
      stat('Stuck', `sum(muxlet_agents{state="Stuck", ${OF_CLASS}})`, {
        description: 'Agents that show no sign of life beyond what is normal.',
        steps: RED,
        width: 4,
      }),
      stat('Messages waiting', `sum(muxlet_mailbox_depth{${HERE}})`, {
        description: 'Messages in mailboxes, or on their way.',
        steps: [{ value: 100, color: 'orange' }],
        width: 4,
      }),
      table(
        'Agents to look at',
        `muxlet_agent_state{state=~"Waiting|NeedsAuth|Limited|Stuck|CrashLoopBackOff|Unknown", ${HERE}}`,
        {
          description: 'Agents that do not go on by themselves, or are held. The project leads to its dashboard.',
          columns: ['project', 'agent', 'state', 'instance'],
          link: TO_PROJECT,
        },
      ),
      table('Most restarts', `topk(10, increase(muxlet_agent_restarts_total{${HERE}}[$__range]) > 0)`, {
        description: 'Which agents were started again most often in the time shown.',
        columns: ['project', 'agent', 'instance'],
        value: 'restarts',
        decimals: 0,
        link: TO_PROJECT,
      }),
    ],
    Agents: [
      timeseries('By state', [`sum by (state) (muxlet_agents{${OF_CLASS}}) > 0`, '{{state}}'], {
        description: 'Agents of the chosen classes, by what they do.',
        stack: true,
        min: 0,
      }),
      timeseries('By class', [`sum by (class) (muxlet_agents{${OF_CLASS}})`, '{{class}}'], {
        description: 'How many agents there are of each class.',
        stack: true,
        min: 0,
      }),
      timeseries('Accounts', [`sum by (state) (muxlet_accounts{${HERE}}) > 0`, '{{state}}'], {
        description: 'Accounts by what is known of their login and limits.',
        stack: true,
        min: 0,
      }),
      timeseries('Ends an hour', [`sum by (kind) (increase(muxlet_agent_exits_total{${HERE}}[1h])) > 0`, '{{kind}}'], {
        description: 'How agents ended. Ended: by muxlet. Crash and OutOfMemory make the next start wait.',
        min: 0,
      }),
      timeseries(
        'Recoveries an hour',
        [`sum by (reason) (increase(muxlet_agent_recoveries_total{${HERE}}[1h]))`, '{{reason}}'],
        { description: 'Agents that muxlet ended to start them anew, by what was wrong.', min: 0 },
      ),
      timeseries('Logins lost an hour', [`sum(increase(muxlet_agent_auth_failures_total{${HERE}}[1h]))`, 'agents'], {
        description: 'Agents that were found without a login, each once until it has one again.',
        min: 0,
        steps: RED,
      }),
      timeseries('Known by', [`count by (evidence) (muxlet_agent_evidence_age_seconds{${HERE}})`, '{{evidence}}'], {
        description: 'Agents by what their state was read from: the program itself (hook, file, …), or its screen.',
        stack: true,
        min: 0,
        width: 12,
        height: 8,
      }),
      table(
        'Oldest evidence',
        `topk(10, muxlet_agent_evidence_age_seconds{${HERE}} and on (instance, project, agent) muxlet_agent_state{state!="Idle", ${HERE}})`,
        {
          description: 'Agents at work, or that need somebody, of which nothing new was heard for longest.',
          columns: ['project', 'agent', 'evidence', 'instance'],
          value: 'age',
          unit: 's',
          link: TO_PROJECT,
        },
      ),
    ],
    Health: [
      timeseries('Time to detect', [`muxlet:fault_detection_seconds:p90_1d{${HERE}} >= 0`, '{{fault}}'], {
        description:
          'From the last sign of life of an agent that is stuck to finding it, over a day; nine of ten are faster.',
        unit: 's',
        min: 0,
      }),
      timeseries('Time to recover', [`muxlet:fault_recovery_seconds:p90_1d{${HERE}} >= 0`, '{{fault}}'], {
        description: 'From finding a fault to the agent running again, over a day; nine of ten are faster.',
        unit: 's',
        min: 0,
      }),
      timeseries('Replacement of a process', [quantile(0.99, `muxlet_agent_replacement_seconds{${HERE}}`), '99 %'], {
        description: "From seeing an agent's end to its replacement running, backoff included.",
        unit: 's',
        min: 0,
      }),
      timeseries(
        'Probes a minute',
        [`sum by (probe, result) (rate(muxlet_probes_total{${HERE}}[$__rate_interval])) * 60`, '{{probe}} {{result}}'],
        { description: 'Health checks of agents. Unknown: they could not be run.', min: 0 },
      ),
      timeseries(
        'Deadlines moved on, an hour',
        [`sum(increase(muxlet_deadline_extensions_total{${HERE}}[1h]))`, 'extensions'],
        {
          description: 'How often a deadline was moved on since work went on.',
          min: 0,
        },
      ),
      timeseries(
        'By hand, an hour',
        [`sum by (verb) (increase(muxlet_interventions_total{${HERE}}[1h]))`, '{{verb}}'],
        {
          description: 'Projects that people reset, and agents that they restarted.',
          min: 0,
        },
      ),
    ],
    Messages: [
      timeseries('Ends an hour', [`sum by (result) (increase(muxlet_messages_total{${HERE}}[1h]))`, '{{result}}'], {
        description: 'What became of messages. DeadLetter and Expired were not delivered.',
        min: 0,
      }),
      timeseries('Tries that failed, an hour', [`sum(increase(muxlet_message_retries_total{${HERE}}[1h]))`, 'tries'], {
        description: 'Deliveries that have to be tried again. Three make a dead letter.',
        min: 0,
      }),
      timeseries(
        'Time to deliver',
        [0.5, 0.9].map((q) => [
          `histogram_quantile(${q}, sum by (le) (increase(muxlet_message_delivery_seconds_bucket{${HERE}}[1h])))`,
          `${q * 100} %`,
        ]),
        {
          description: 'From the mailbox to the record of the program; most of it is waiting for the agent.',
          unit: 's',
          min: 0,
        },
      ),
    ],
  },
});
