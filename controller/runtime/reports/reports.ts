/** Takes in what agents say of themselves: each report once, however often its file is seen. */
import type { EventNote } from '../../api/decision.ts';
import type { KnownProject } from '../../api/directory.ts';
import type { AgentReport, AgentStatus, Message } from '../../api/generated/all.ts';
import type { Report } from '../../api/report.ts';

export interface ReportsOptions {
  readonly list: () => Promise<ReadonlyMap<string, Report>>;
  readonly remove: (id: string) => Promise<void>;
  readonly project: (name: string) => KnownProject | undefined;
  /** The agent's status as it was last written. */
  readonly agent: (project: string, agent: string) => AgentStatus | undefined;
  /** Settles once the project's status survives this program, or cannot. */
  readonly recorded: (project: string) => Promise<unknown>;
  readonly deciding: {
    route(
      report: Report,
      project: KnownProject | undefined,
      runs: readonly string[],
    ): { readonly report?: Report; readonly message?: Message; readonly event?: EventNote };
    conflicts(newest: Report, others: readonly Report[]): readonly { readonly name: string; readonly text: string }[];
    toHub(name: string, to: { readonly project: string; readonly hub: string }, text: string): Message;
  };
  readonly send: (message: Message) => void;
  readonly onEvent: (project: string, note: EventNote) => void;
  readonly onReport: (project: string) => void;
}

export interface Reports {
  /** Looks at the folder. */
  take(): Promise<void>;
  /** The last report of each agent of a project since the start, by the agent's name. */
  of(projectUid: string): ReadonlyMap<string, AgentReport>;
}

/** Reports of a project that are remembered to compare new ones with. */
const KEPT = 50;

export function createReports(options: ReportsOptions): Reports {
  const { deciding } = options;
  const recent = new Map<string, Report[]>();
  /** Those that are still in the folder, by their ids, each with whether a status is to say it. */
  const handled = new Map<string, boolean>();
  let taking: Promise<void> | undefined;

  async function takeAll(): Promise<void> {
    const listed = await options.list();
    const reports = [...listed.values()].sort((a, b) => a.at - b.at);
    for (const id of handled.keys()) if (!listed.has(id)) handled.delete(id);
    for (const report of reports) if (!handled.has(report.id)) handled.set(report.id, handle(report));
    await Promise.all(reports.map(clear));
  }

  /** Out of the folder, last of all: what a crash leaves is handled once more, under the same names. */
  async function clear(report: Report): Promise<void> {
    if (handled.get(report.id) === true && isSaid(report) === false) return;
    await options.recorded(report.project);
    await options.remove(report.id);
  }

  /** Whether the agent's status says it, or something later; undefined where there is no such agent any more. */
  function isSaid({ project, uid, agent, at }: Report): boolean | undefined {
    const status = options.project(project)?.uid === uid ? options.agent(project, agent) : undefined;
    return status && Date.parse(status.report?.at ?? '') >= at;
  }

  /** @returns whether the agent's status is to say it. */
  function handle(report: Report): boolean {
    const project = options.project(report.project);
    const status = options.agent(report.project, report.agent);
    const runs = [status?.run, status?.lastExit?.run].filter((run) => run !== undefined);
    const routed = deciding.route(report, project, runs);
    if (routed.message !== undefined) options.send(routed.message);
    if (routed.event !== undefined) options.onEvent(report.project, routed.event);
    if (routed.report === undefined || project === undefined) return false;
    const before = recent.get(report.uid) ?? [];
    for (const conflict of deciding.conflicts(report, before)) tell(project, conflict);
    recent.set(report.uid, [...before.filter(({ id }) => id !== report.id), report].slice(-KEPT));
    options.onReport(report.project);
    return true;
  }

  function tell(
    { name: project, hub }: KnownProject,
    conflict: { readonly name: string; readonly text: string },
  ): void {
    if (hub !== undefined) options.send(deciding.toHub(conflict.name, { project, hub }, conflict.text));
    options.onEvent(project, { type: 'Warning', reason: 'ReportConflict', message: conflict.text });
  }

  return {
    take() {
      taking ??= takeAll().finally(() => {
        taking = undefined;
      });
      return taking;
    },
    of(projectUid) {
      const said = new Map<string, AgentReport>();
      for (const report of recent.get(projectUid) ?? []) said.set(report.agent, after(said.get(report.agent), report));
      return said;
    },
  };
}

/** An agent that says how it stands takes nothing back of what it said in the same run. */
function after(before: AgentReport | undefined, { type, text, at, run }: Report): AgentReport {
  const time = new Date(at).toISOString();
  const doneAt = type === 'done' ? time : type === 'status' && before?.run === run ? before.doneAt : undefined;
  return { type, ...(text !== '' && { text }), at: time, run, ...(doneAt !== undefined && { doneAt }) };
}
