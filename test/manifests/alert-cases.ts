/** What Prometheus has scraped, in the notation of promtool: `1x30` is 1 and thirty times 1 after it, a minute each. */
type Scraped = Readonly<Record<string, string>>;

export interface AlertCase {
  readonly alert: string;
  /** It fires on this… */
  readonly fires: Scraped;
  /** …and not on this, which is as near to it as is well. */
  readonly quiet: Scraped;
  /** When it is looked at. Default: 30m. */
  readonly at?: string;
}

const I = 'instance="a:9779",job="muxlet"';
const agents = (state: string): string => `muxlet_agents{state="${state}",class="claude",${I}}`;
const accounts = (state: string): string => `muxlet_accounts{state="${state}",${I}}`;
/** Nothing for so many minutes, then one more, and no more. */
const once = (minutes: number): string => `0x${minutes} 1x${60 - minutes}`;

export const ALERT_CASES: readonly AlertCase[] = [
  { alert: 'MuxletDown', fires: { [`up{${I}}`]: '1x25 0x5' }, quiet: { [`up{${I}}`]: '1x25 0x0 1x10' } },
  // Of no target at all there is nothing that could be 0.
  { alert: 'MuxletDown', fires: {}, quiet: { [`up{${I}}`]: '1x60' } },
  {
    alert: 'MuxletBlind',
    fires: { [`muxlet_observation_age_seconds{${I}}`]: '2x20 40+60x40' },
    quiet: { [`muxlet_observation_age_seconds{${I}}`]: '6x28 40x0 6x40' },
  },
  {
    alert: 'MuxletTmuxDisconnected',
    fires: {
      [`muxlet_tmux_connected{server="muxlet",${I}}`]: '0x60',
      [`muxlet_agent_state{project="web",agent="dev",state="Unknown",${I}}`]: '1x60',
    },
    quiet: { [`muxlet_tmux_connected{server="muxlet",${I}}`]: '0x60' },
  },
  {
    alert: 'MuxletTmuxServerRestarts',
    fires: { [`muxlet_tmux_server_starts_total{server="muxlet",${I}}`]: '1+0.2x60' },
    quiet: { [`muxlet_tmux_server_starts_total{server="muxlet",${I}}`]: '0x20 1x60' },
  },
  {
    alert: 'MuxletLoopStuck',
    fires: { [`workqueue_longest_running_processor_seconds{name="reconcile",${I}}`]: '0x20 10+60x40' },
    quiet: { [`workqueue_longest_running_processor_seconds{name="reconcile",${I}}`]: '50x60' },
  },
  {
    alert: 'MuxletQueueGrows',
    fires: { [`workqueue_depth{name="reconcile",${I}}`]: '150x60' },
    quiet: { [`workqueue_depth{name="reconcile",${I}}`]: '0x20 150x60' },
  },
  {
    alert: 'MuxletReconcileErrors',
    fires: {
      [`muxlet_reconcile_total{kind="Project",result="error",${I}}`]: '0+10x60',
      [`muxlet_reconcile_total{kind="Project",result="success",${I}}`]: '0+60x60',
    },
    quiet: {
      [`muxlet_reconcile_total{kind="Project",result="error",${I}}`]: '0+5x60',
      [`muxlet_reconcile_total{kind="Project",result="success",${I}}`]: '0+60x60',
    },
  },
  { alert: 'MuxletNotLeading', fires: { [`muxlet_leader{${I}}`]: '0x60' }, quiet: { [`muxlet_leader{${I}}`]: '1x60' } },
  {
    alert: 'MuxletStateUnwritable',
    fires: { [`muxlet_state_unwritable{${I}}`]: '0x20 1x60' },
    quiet: { [`muxlet_state_unwritable{${I}}`]: '0x29 1x0 0x60' },
  },
  {
    alert: 'MuxletStateDamaged',
    fires: { [`muxlet_state_problems_total{type="Corrupt",${I}}`]: once(25) },
    // A disk that is full has an alert of its own.
    quiet: { [`muxlet_state_problems_total{type="WriteFailed",${I}}`]: once(25) },
  },
  {
    alert: 'MuxletSpecProblems',
    fires: { [`muxlet_problems{severity="Error",${I}}`]: '2x60' },
    quiet: {
      [`muxlet_problems{severity="Error",${I}}`]: '0x60',
      [`muxlet_problems{severity="Warning",${I}}`]: '2x60',
    },
  },
  {
    alert: 'MuxletGitSourceNotReady',
    fires: { [`muxlet_gitsource_ready{gitsource="team",${I}}`]: '0x60' },
    quiet: { [`muxlet_gitsource_ready{gitsource="team",${I}}`]: '1x24 0x60' },
  },
  {
    alert: 'MuxletReceiverFailing',
    fires: {
      [`muxlet_notifications_total{alert="night",receiver="chat",result="failed",${I}}`]: '0x2 1+0.2x60',
      [`muxlet_notifications_total{alert="night",receiver="chat",result="delivered",${I}}`]: '5x60',
    },
    // Another try, and it has it.
    quiet: {
      [`muxlet_notifications_total{alert="night",receiver="chat",result="failed",${I}}`]: '0x2 1+0.2x60',
      [`muxlet_notifications_total{alert="night",receiver="chat",result="delivered",${I}}`]: '0+0.2x60',
    },
  },
  {
    alert: 'MuxletNotificationsRefused',
    fires: { [`muxlet_notification_events_dropped_total{alert="night",receiver="chat",${I}}`]: '0x60 1x40' },
    // More than an hour ago.
    quiet: { [`muxlet_notification_events_dropped_total{alert="night",receiver="chat",${I}}`]: '0x10 1x90' },
    at: '80m',
  },
  {
    alert: 'MuxletMismatches',
    fires: { [`muxlet_audit_mismatches{kind="Orphan",${I}}`]: '1x60' },
    quiet: { [`muxlet_audit_mismatches{kind="Orphan",${I}}`]: '0x25 1x60' },
  },
  {
    alert: 'MuxletFleetDown',
    fires: { [agents('CrashLoopBackOff')]: '5x60', [agents('Busy')]: '0x60' },
    quiet: { [agents('CrashLoopBackOff')]: '5x60', [agents('Busy')]: '1x60' },
  },
  {
    alert: 'MuxletFleetDown',
    fires: { [agents('Unknown')]: '5x60' },
    // All that was to be done is done.
    quiet: { [agents('Exited')]: '5x60', [agents('Unknown')]: '0x60' },
  },
  {
    alert: 'MuxletAgentsCrashLooping',
    fires: { [agents('CrashLoopBackOff')]: '1x60' },
    quiet: { [agents('CrashLoopBackOff')]: '0x27 1x60' },
  },
  { alert: 'MuxletAgentsStuck', fires: { [agents('Stuck')]: '1x60' }, quiet: { [agents('Stuck')]: '0x20 1x60' } },
  { alert: 'MuxletAgentsWaiting', fires: { [agents('Waiting')]: '1x60' }, quiet: { [agents('Waiting')]: '0x20 1x60' } },
  {
    alert: 'MuxletAgentsOutOfMemory',
    fires: { [`muxlet_agent_exits_total{kind="OutOfMemory",${I}}`]: once(20) },
    quiet: { [`muxlet_agent_exits_total{kind="Crash",${I}}`]: '0+1x60' },
  },
  { alert: 'MuxletLoginLost', fires: { [accounts('LoginLost')]: '1x60' }, quiet: { [accounts('Limited')]: '1x60' } },
  { alert: 'MuxletLoginLost', fires: { [accounts('NotLoggedIn')]: '1x60' }, quiet: { [accounts('LoggedIn')]: '1x60' } },
  {
    alert: 'MuxletAccountLimited',
    fires: { [accounts('Limited')]: '1x60' },
    quiet: { [accounts('Limited')]: '0x5 1x60' },
  },
  {
    alert: 'MuxletProjectFailed',
    fires: { [`muxlet_project_results_total{result="Failed",size="none",${I}}`]: once(20) },
    // Over for longer than it is told.
    quiet: {
      [`muxlet_project_results_total{result="Failed",size="none",${I}}`]: once(5),
      [`muxlet_project_results_total{result="Completed",size="none",${I}}`]: '0+1x60',
    },
  },
  {
    alert: 'MuxletDeadlineNear',
    fires: {
      [`muxlet_project_deadline_left_seconds{project="web",${I}}`]: '600x60',
      [`muxlet_project_phase{project="web",phase="Running",${I}}`]: '1x60',
    },
    quiet: {
      [`muxlet_project_deadline_left_seconds{project="web",${I}}`]: '600x60',
      [`muxlet_project_phase{project="web",phase="Completed",${I}}`]: '1x60',
    },
  },
  {
    alert: 'MuxletQueueBreakerOpen',
    fires: { [`muxlet_queue_breaker_state{queue="night",${I}}`]: '2x60' },
    quiet: { [`muxlet_queue_breaker_state{queue="night",${I}}`]: '1x60' },
  },
  {
    alert: 'MuxletQueueStalled',
    fires: {
      [`muxlet_queue_waiting{queue="night",${I}}`]: '3x60',
      [`muxlet_queue_running{queue="night",${I}}`]: '0x60',
    },
    // Another queue has nothing to do with it.
    quiet: {
      [`muxlet_queue_waiting{queue="night",${I}}`]: '3x60',
      [`muxlet_queue_running{queue="night",${I}}`]: '1x60',
      [`muxlet_queue_waiting{queue="day",${I}}`]: '0x60',
      [`muxlet_queue_running{queue="day",${I}}`]: '0x60',
    },
  },
  {
    alert: 'MuxletMessagesUndelivered',
    fires: { [`muxlet_messages_total{result="DeadLetter",${I}}`]: once(20) },
    quiet: {
      [`muxlet_messages_total{result="Superseded",${I}}`]: once(20),
      [`muxlet_messages_total{result="Confirmed",${I}}`]: '0+1x60',
    },
  },
  {
    alert: 'MuxletMailboxFull',
    fires: { [`muxlet_mailbox_depth{${I}}`]: '150x60' },
    quiet: { [`muxlet_mailbox_depth{${I}}`]: '90x60' },
  },
];
