// Generated from schemas/project.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * A goal worked on by a team of agents. A Project owns one tmux session with a window per agent.
 */
export interface Project {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Project.
 */
kind: "Project"
metadata: ObjectMeta
spec: ProjectSpec
status?: ProjectStatus
}
/**
 * What every object carries beside its spec.
 */
export interface ObjectMeta {
/**
 * The object's name, unique among its kind: an RFC 1123 label (lower case letters, digits and '-', at most 63). The tmux session bears the same name.
 */
name: string
/**
 * Keys and values to select objects by (-l team=a). Applied live: a change of labels restarts nothing.
 */
labels?: {
[k: string]: string
}
/**
 * Keys and values for people and tools. muxlet does not select by them. Applied live.
 */
annotations?: {
[k: string]: string
}
}
/**
 * What should be true of the project.
 */
export interface ProjectSpec {
/**
 * Directory in which agents start that name none of their own: absolute, '~/…', or relative to the folder of the spec file. It must exist. Default: the home directory of the user who runs the controller. A change restarts the agents that use it.
 */
workingDir?: string
/**
 * Environment variables for every agent; an agent's own entry of the same name wins. A change restarts the agents.
 */
env?: EnvVar[]
/**
 * What the team is to reach: text for the briefings. Applied at the next start of an agent.
 */
goal?: string
/**
 * A file that holds the goal, instead of goal: absolute, '~/…', or relative to the folder of the spec file. Read at each start of an agent.
 */
goalFile?: string
/**
 * The repository that the team works in: a path (absolute, '~/…', or relative to the folder of the spec file) or an address that git can clone (https, ssh, file). Of an address muxlet keeps a clone of its own. Default for workingDir, if it is a path and there are no work trees.
 */
repo?: string
/**
 * What the work begins from: a branch, tag or commit of repo. Taken once, when the first work tree is made; what it was is kept. Default: the HEAD of repo.
 */
ref?: string
credentials?: RepositoryCredentials
workTree?: WorkTree
completion?: Completion
integration?: Integration
verification?: Verification
/**
 * The Queue that the project waits in before its agents are started; without one it waits for no slot. A project that runs already when it is given a queue keeps running, and counts.
 */
queue?: string
/**
 * Within its queue, higher goes first; of equals, the one that was created first. Applied live.
 */
priority?: number
/**
 * Keeps the project from being admitted; it keeps its age, and others pass it. What runs goes on. Applied live.
 */
hold?: boolean
/**
 * Projects that must be Completed before this one is admitted, with a queue or without.
 * 
 * @maxItems 100
 * 
 * Items: The name of a Project.
 */
dependsOn?: string[]
/**
 * How much work it is; gives the deadline where deadline.after does not: small 4 h, medium 6 h, large 8 h, xlarge 12 h.
 */
size?: ("small" | "medium" | "large" | "xlarge")
deadline?: Deadline
retry?: Retry
/**
 * Stands still: nothing is started, restarted or said, and its clocks stand. Applied live; 'muxlet suspend' and 'muxlet resume' do the same without changing the file.
 */
suspend?: boolean
/**
 * What becomes of the session while the project is suspended. EndSession: the agents are ended, each its class's way, and the slot is given back; they go on with their conversations. KeepSession: what runs is left alone, and the slot stays taken.
 */
suspendPolicy?: ("EndSession" | "KeepSession")
/**
 * What becomes of the session once the project has finished. Keep: it stays, with what the agents left on their terminals, until ttlAfterFinished is over. End: it is ended.
 */
sessionAfterFinished?: ("Keep" | "End")
/**
 * So long after it has finished, the session is ended and what is kept of its agents' runs is removed: 90s, 30m, 2h, 7d. The object and its result stay, so that its file does not start it anew. Default: they stay.
 */
ttlAfterFinished?: string
/**
 * The team: one tmux window per agent, in this order.
 * 
 * @minItems 1
 * @maxItems 100
 */
agents: AgentTemplate[]
}
/**
 * An environment variable: either value or valueFrom.
 */
export interface EnvVar {
/**
 * Name of the variable. Names that begin with MUXLET_ or TMUX are muxlet's and tmux's own.
 */
name: string
/**
 * The value, literally; nothing is expanded.
 */
value?: string
valueFrom?: EnvVarSource
}
/**
 * Where a secret value comes from. It is read when the agent starts and never written anywhere by muxlet.
 */
export interface EnvVarSource {
/**
 * A file whose content, less one final line break, is the value: absolute, '~/…', or relative to the folder of the spec file.
 */
file?: string
/**
 * A variable of the controller's own environment.
 */
env?: string
}
/**
 * With what git reaches a repository that asks for it: by reference, never the secret itself.
 */
export interface RepositoryCredentials {
/**
 * The user, for https. Default: git.
 */
username?: string
password?: EnvVarSource
/**
 * A private key for ssh, without a passphrase: absolute, '~/…', or relative to the folder of the spec file. No other key is tried then.
 */
identityFile?: string
/**
 * Whose host keys are trusted, for ssh. Default: ssh's own.
 */
knownHostsFile?: string
}
/**
 * Where in the repository the agents work. The checkout that repo names is never touched: not its branch, index, stash, files or hooks.
 */
export interface WorkTree {
/**
 * PerAgent: each agent has a work tree and a branch muxlet/PROJECT/AGENT of its own. Shared: all have one, on the branch muxlet/PROJECT/shared. None: they work in repo itself. Default: PerAgent if repo is an address, else None. A change restarts the agents.
 */
policy?: ("PerAgent" | "Shared" | "None")
/**
 * Beside: in REPO.worktrees/PROJECT/, beside the repository. State: under the state directory, in worktrees/. Default: State if repo is an address, else Beside. A change restarts the agents; what was there is kept.
 */
location?: ("Beside" | "State")
/**
 * Files that the repository does not hold and the work needs: taken from the checkout that repo names, when a work tree is made. A file that the work tree already has is left as it is. Beside these, ignored files that match a .worktreeinclude in that checkout are copied.
 * 
 * @maxItems 100
 */
files?: WorkTreeFile[]
setUp?: SetUp
/**
 * What becomes of work trees when the project is deleted or its agent removed. A branch with commits that no other branch has is kept whatever stands here. Keep: a work tree with uncommitted or untracked files stays as it is; others are removed. Save: such files are saved as a commit under refs/muxlet/kept/, and the work tree is removed. Discard: it is removed with what is in it.
 */
onDelete?: ("Keep" | "Save" | "Discard")
/**
 * An agent whose work has lain uncommitted for so long, and a sixth of it more (at most five minutes), is reminded once, by a message; a commit begins the time anew. 0s: never. In a directory that is no work tree of muxlet's own, only if this stands in the spec.
 */
remindAfter?: string
}
/**
 * A file or folder that a work tree is given.
 */
export interface WorkTreeFile {
/**
 * Within the repository.
 */
path: string
/**
 * Copy: the work tree has its own. Link: a symbolic link to the one in the checkout.
 */
mode?: ("Copy" | "Link")
/**
 * One that is not there is passed over; else it keeps the agent from being started.
 */
optional?: boolean
}
/**
 * Run once in a new work tree, before its agent is started. Its output is kept.
 */
export interface SetUp {
/**
 * Program and arguments, one string each.
 * 
 * @minItems 1
 */
command: string[]
/**
 * Ended, with all its children, if it takes longer.
 */
timeout?: string
}
/**
 * By what it is seen that the work is done. Without it, a project is done when all its agents have ended for good. A change is applied live.
 */
export interface Completion {
/**
 * All: each rule must be met. Any: one. Quorum: as many as quorum says.
 */
require?: ("All" | "Any" | "Quorum")
/**
 * How many rules, for Quorum.
 */
quorum?: number
/**
 * The signs.
 * 
 * @minItems 1
 * @maxItems 50
 */
rules: CompletionRule[]
}
/**
 * One sign of finished work: exactly one of report, commits, plan, file, command, idle, screen.
 */
export interface CompletionRule {
/**
 * Names it in the status. Default: what kind it is, and its place in the list.
 */
name?: string
/**
 * The agents that it is asked of, by name. Default: all.
 * 
 * @minItems 1
 * 
 * Items: The name of an agent.
 */
agents?: string[]
/**
 * Whether all of these agents must show it, or one.
 */
of?: ("All" | "Any")
report?: ReportRule
commits?: CommitsRule
plan?: PlanRule
file?: FileRule
command?: CommandRule
judge?: JudgeRule
idle?: IdleRule
screen?: ScreenRule
}
/**
 * The agent said 'muxlet report done' in this attempt.
 */
export interface ReportRule {

}
/**
 * Commits on the agent's branch since the attempt's base.
 */
export interface CommitsRule {
/**
 * How many.
 */
atLeast?: number
/**
 * A regular expression that a commit's message must match to count.
 */
matching?: string
}
/**
 * All tasks of a Markdown list ('- [x]') are ticked, and there is at least one.
 */
export interface PlanRule {
/**
 * Within the agent's working directory.
 */
file: string
}
/**
 * A file is there that is newer than the attempt.
 */
export interface FileRule {
/**
 * Within the agent's working directory.
 */
path: string
/**
 * A regular expression that its text must match.
 */
matching?: string
}
/**
 * A command exits with 0, run in the agent's working directory.
 */
export interface CommandRule {
/**
 * Program and arguments, one string each.
 * 
 * @minItems 1
 */
argv: string[]
/**
 * How long it may take.
 */
timeout?: string
/**
 * How often it is run while it matters.
 */
every?: string
}
/**
 * A command that is asked whether the goal is reached says yes, such as a language model's. It is given the goal and the evidence on its standard input, and runs in an empty directory, with the agent's environment.
 */
export interface JudgeRule {
/**
 * Program and arguments, one string each.
 * 
 * @minItems 1
 */
argv: string[]
/**
 * How long it may take.
 */
timeout?: string
/**
 * How often it is asked at most, while it matters and the evidence is another than when it last answered.
 */
every?: string
}
/**
 * The agent has been idle for so long, without a break, after it has worked in this attempt.
 */
export interface IdleRule {
/**
 * How long.
 */
for?: string
}
/**
 * A text is on the agent's screen: the weakest sign, and never enough by itself.
 */
export interface ScreenRule {
/**
 * A regular expression for a line.
 */
matching: string
}
/**
 * What becomes of the agents' branches once the work seems done. Without it, they are left as they are.
 */
export interface Integration {
/**
 * Merge: all agents' branches are merged, in the order of spec.agents, into muxlet/PROJECT/integration, in a work tree of its own. None: not.
 */
policy?: ("Merge" | "None")
/**
 * Who is asked to resolve a conflict: the hub agent, by a message that names branches and files, or a person. What was merged before it stays merged, to be resolved against.
 */
onConflict?: ("Hub" | "Person")
/**
 * How often the hub is asked before a person is.
 */
rounds?: number
/**
 * A branch of the repository that is moved on to the verified result, if that is a fast-forward and nobody has it checked out.
 */
fastForward?: string
push?: Push
pullRequest?: PullRequest
}
/**
 * The verified result is pushed; without force.
 */
export interface Push {
/**
 * The remote's name.
 */
remote?: string
/**
 * The branch there. Default: muxlet/PROJECT/integration.
 */
branch?: string
}
/**
 * A command that is run once for each verified result, in a clean work tree of it: gh pr create …
 */
export interface PullRequest {
/**
 * Program and arguments, one string each. MUXLET_BRANCH and MUXLET_COMMIT tell it what.
 * 
 * @minItems 1
 */
command: string[]
/**
 * How long it may take.
 */
timeout?: string
}
/**
 * Commands that must pass before finished work counts as finished. They run in a clean work tree of the result.
 */
export interface Verification {
/**
 * One after the other; the first that fails ends the round.
 * 
 * @minItems 1
 * @maxItems 20
 */
commands: VerificationCommand[]
/**
 * How often the team is told what failed and may go on, before the project fails.
 */
rounds?: number
}
/**
 * A command that must exit with 0.
 */
export interface VerificationCommand {
/**
 * Program and arguments, one string each.
 * 
 * @minItems 1
 */
argv: string[]
/**
 * Ended, with all its children, if it takes longer.
 */
timeout?: string
}
/**
 * How long the work may take. The clock runs while agents may work: not while the project waits, is suspended or held for a login or a usage limit, nor while the machine sleeps. Applied live.
 */
export interface Deadline {
/**
 * The time that the work may take: 90s, 30m, 6h. Default: by size; without a size there is no deadline.
 */
after?: string
/**
 * The work counts as going on if there was a sign of it (a turn, a record, output, processor time) within this time.
 */
heartbeatTimeout?: string
/**
 * How often the deadline is moved on while the work goes on.
 */
extensions?: number
/**
 * By how much it is moved on.
 */
extendBy?: string
/**
 * After the deadline, agents are asked to save and report, and get so long for it; then they are ended.
 */
grace?: string
}
/**
 * Whether a project that failed is tried again, as a new attempt. Applied live.
 */
export interface Retry {
/**
 * How often it is tried again.
 */
limit?: number
/**
 * The causes after which it is tried again. AgentFailed: an agent ended for good, and not well. DeadlineExceeded. RecoveriesExhausted: all agents were stuck, and recovered as often as they may be. VerificationFailed: it was refused oftener than its rounds allow. CompletionNotMet: all agents ended for good, and the rules of spec.completion were not met.
 */
on?: ("AgentFailed" | "DeadlineExceeded" | "RecoveriesExhausted" | "VerificationFailed" | "CompletionNotMet")[]
/**
 * The pause before the first retry; each further one is twice as long, and all are up to a fifth longer or shorter by chance.
 */
initialBackoff?: string
/**
 * The longest pause.
 */
maxBackoff?: string
}
/**
 * One agent of the project: what a container is to a pod.
 */
export interface AgentTemplate {
/**
 * The agent's name, unique within the project; its tmux window bears the same name.
 */
name: string
/**
 * The AgentClass that says how this kind of program is started and ended.
 */
class?: string
/**
 * Program and arguments, one string each (an argv, never a shell string). Default: the command of the class. A change restarts the agent.
 * 
 * @minItems 1
 */
command?: string[]
/**
 * Directory in which the agent starts: absolute, '~/…', or relative to the folder of the spec file. It must exist. Default: spec.workingDir. A change restarts the agent.
 */
workingDir?: string
/**
 * Environment variables of this agent. A change restarts the agent; a changed content of a file or variable that valueFrom names is taken at the next start.
 */
env?: EnvVar[]
/**
 * Whether the agent is started again after it ended: Always; OnFailure, unless it exited 0; Never. Applied live.
 */
restartPolicy?: ("Always" | "OnFailure" | "Never")
backoff?: Backoff
readinessProbe?: Probe
livenessProbe?: Probe
/**
 * The AgentRole whose briefing the agent gets at its start. Applied at the next start. An agent of a role that is not known is not started; the others are.
 */
role?: string
/**
 * Text at the end of the role's briefing; without a role, the whole of it. Taken literally: it is no template. Applied at the next start.
 */
briefing?: string
/**
 * Further arguments for the program, after the class's own and before the prompt. A change restarts the agent.
 */
args?: string[]
/**
 * Dialogs of the class that muxlet answers for this agent, by name; all others wait for a person.
 */
approvals?: Approval[]
/**
 * Messages that come again and again.
 */
checkIns?: CheckIn[]
}
/**
 * The pause before an agent that ended is started again. The first restart is at once, the second after initialSeconds, and each further one after twice the pause of the one before. Applied live.
 */
export interface Backoff {
/**
 * Pause before the second restart in a row, in seconds.
 */
initialSeconds?: number
/**
 * Longest pause, in seconds.
 */
maxSeconds?: number
/**
 * An agent that ran at least so long, in seconds, counts as healthy: its next restart is a first one again.
 */
resetAfterSeconds?: number
}
/**
 * A command that says whether an agent is well: exit code 0 is success. It runs in the agent's working directory with the agent's environment and has no terminal. Applied live.
 */
export interface Probe {
/**
 * The command to run.
 */
exec: {
/**
 * Program and arguments.
 * 
 * @minItems 1
 */
command: string[]
}
/**
 * Seconds after the agent's start before the first probe.
 */
initialDelaySeconds?: number
/**
 * Seconds between two probes.
 */
periodSeconds?: number
/**
 * Seconds after which a probe that has not ended counts as failed and is killed.
 */
timeoutSeconds?: number
/**
 * Failures in a row before the probe counts as failed.
 */
failureThreshold?: number
/**
 * Successes in a row before the probe counts as succeeded again.
 */
successThreshold?: number
}
/**
 * A standing answer.
 */
export interface Approval {
/**
 * Name of the dialog.
 */
dialog: string
/**
 * Name of the answer.
 */
answer: string
}
/**
 * A message on an interval.
 */
export interface CheckIn {
/**
 * How often: 90s, 30m, 2h.
 */
every: string
/**
 * What is said.
 */
text: string
}
/**
 * What the controller observed of the project.
 */
export interface ProjectStatus {
/**
 * The generation of the spec that this status speaks of.
 */
observedGeneration: number
/**
 * A summary of the conditions.
 */
phase: ("Pending" | "Queued" | "Initializing" | "Authenticating" | "SettingUp" | "Running" | "Recovering" | "TimingOut" | "Zombie" | "Verifying" | "Completed" | "Failed" | "Suspended" | "Terminating")
/**
 * The facts.
 */
conditions: Condition[]
/**
 * The agents, in the order of the spec; agents that are being ended stand last.
 */
agents: AgentStatus[]
session?: SessionRef
run?: RunStatus
/**
 * Attempts that are over, the latest last; at most 20.
 */
attempts?: Attempt[]
/**
 * The commit that the present attempt's work is counted from, where the project has work trees.
 */
base?: string
completion?: CompletionStatus
integration?: IntegrationStatus
verification?: VerificationStatus
/**
 * Work that was kept when work trees were to go; the latest last, at most 100.
 */
kept?: KeptWork[]
}
/**
 * One fact about an object, as Kubernetes writes them.
 */
export interface Condition {
/**
 * Which fact.
 */
type: string
/**
 * Whether it is so.
 */
status: ("True" | "False" | "Unknown")
/**
 * Why, in one word from a fixed list.
 */
reason: string
/**
 * Why, for a person.
 */
message: string
/**
 * When status last changed.
 */
lastTransitionTime: string
/**
 * The generation of the spec that this was said of.
 */
observedGeneration: number
}
/**
 * What was seen of one agent.
 */
export interface AgentStatus {
/**
 * The agent's name.
 */
name: string
/**
 * The agent's identity; its folder in state/agents/.
 */
uid: string
/**
 * Its AgentClass.
 */
class: string
/**
 * What it does.
 */
state: ("Pending" | "Starting" | "Idle" | "Busy" | "Waiting" | "NeedsAuth" | "Limited" | "Stuck" | "Exited" | "CrashLoopBackOff" | "Unknown")
/**
 * Why it is in this state, in one word.
 */
reason?: string
/**
 * Why, for a person.
 */
message?: string
/**
 * Whether it runs and, where it has a readiness probe, is ready.
 */
ready: boolean
/**
 * How often it was started again.
 */
restarts: number
/**
 * How often it was started again after an end of each kind (Exit.kind).
 */
restartsByEnd?: {
[k: string]: number
}
/**
 * Ends in a row, each after less than the healthy time; rules the backoff.
 */
failures: number
/**
 * When it will be started again.
 */
nextRestartAt?: string
/**
 * The id of its process.
 */
pid?: number
/**
 * The start time of the process as the system counts it; with pid, its identity.
 */
processStart?: string
/**
 * The identity of the present or last run.
 */
run?: string
/**
 * When the run began.
 */
startedAt?: string
/**
 * The hash of the part of the spec that it was started from.
 */
hash?: string
/**
 * What the state was read from.
 */
evidence?: ("hook" | "file" | "transcript" | "http" | "title" | "screen" | "process")
pane?: PaneRef
lastExit?: Exit
termination?: Termination
leftovers?: Termination
/**
 * When the evidence was last seen to change.
 */
evidenceAt?: string
/**
 * The rule of the class that decided the state.
 */
rule?: string
/**
 * The id of the program's conversation.
 */
conversation?: string
/**
 * Its AgentRole.
 */
role?: string
report?: AgentReport
approval?: ApprovalStatus
context?: ContextStatus
failedTurn?: FailedTurn
/**
 * Until when it is held: the end of a usage limit.
 */
heldUntil?: string
/**
 * When it was recovered in the last hour.
 */
recoveries?: string[]
workTree?: WorkTreeStatus
git?: GitStatus
}
/**
 * Where its terminal is.
 */
export interface PaneRef {
/**
 * Name of the tmux server (tmux -L).
 */
server: string
/**
 * Session id ($1).
 */
session: string
/**
 * Window id (@2).
 */
window: string
/**
 * Pane id (%3).
 */
id: string
}
/**
 * How a run of an agent ended.
 */
export interface Exit {
/**
 * The run that ended.
 */
run: string
/**
 * Its process id.
 */
pid?: number
/**
 * Completed, Error, Signal, OOMKilled (the system ended it for want of memory), PaneGone (the pane was removed while the agent ran) or Unknown (tmux lost the status).
 */
reason: ("Completed" | "Error" | "Signal" | "OOMKilled" | "PaneGone" | "Unknown")
/**
 * Its exit code, if it exited.
 */
exitCode?: number
/**
 * The number of the signal that ended it.
 */
signal?: number
/**
 * When the run began.
 */
startedAt?: string
/**
 * When the end was seen.
 */
finishedAt: string
/**
 * What kind of end it was. Clean and Crash: the program ended by itself. Auth, Limit: while it was not logged in, or at a usage limit. OutOfMemory. Ended: by muxlet. Removed: somebody took the pane away. Only Crash and OutOfMemory, and a Clean end right after the start, make the next start wait.
 */
kind?: ("Clean" | "Crash" | "Auth" | "Limit" | "OutOfMemory" | "Ended" | "Removed")
/**
 * Why muxlet ended it, if it did: the reason of its termination; Rebooted, it ended with the machine; Down, muxlet down ended it.
 */
endedFor?: string
/**
 * The last lines on its terminal.
 */
output: string[]
}
/**
 * How far the ending of an agent has come.
 */
export interface Termination {
/**
 * Why the agent is ended.
 */
reason: ("ProjectRemoved" | "AgentRemoved" | "SpecChanged" | "LivenessFailed" | "Detached" | "Leftover" | "Hung" | "ShellWithoutAgent" | "AccountRestored" | "Suspended" | "Drained" | "DeadlineExceeded" | "AttemptFailed" | "Finished" | "Restarted")
/**
 * The step that was last taken: decided, the class's way to finish, TERM, KILL.
 */
stage: ("Begun" | "Finish" | "Term" | "Kill")
/**
 * When the ending began.
 */
since: string
/**
 * When the stage was entered.
 */
stageSince: string
}
/**
 * What it last said of itself, by 'muxlet report'.
 */
export interface AgentReport {
/**
 * What kind of report.
 */
type: ("done" | "blocked" | "failed" | "question" | "status")
/**
 * What it said.
 */
text?: string
/**
 * When.
 */
at: string
/**
 * In which run.
 */
run?: string
/**
 * When it said that it is done, if it has not taken that back since: a report of its status takes nothing back.
 */
doneAt?: string
}
/**
 * The dialog that is answered as approvals says.
 */
export interface ApprovalStatus {
/**
 * Name of the dialog.
 */
dialog: string
/**
 * Name of the answer.
 */
answer: string
/**
 * When the dialog was first seen.
 */
since: string
/**
 * Answering; GivenUp: it is still there after three tries, and waits for a person.
 */
state: ("Answering" | "GivenUp")
/**
 * How often it was answered.
 */
tries: number
/**
 * When it was last answered.
 */
triedAt?: string
}
/**
 * How full its conversation is, where its class can tell.
 */
export interface ContextStatus {
/**
 * How much of the context is left, in whole percent.
 */
left: number
compaction?: Compaction
}
/**
 * What was done when it was nearly full, once each time that it gets so.
 */
export interface Compaction {
/**
 * When the agent was found idle with less than context.belowPercent left.
 */
since: string
/**
 * The conversation that is compacted.
 */
conversation?: string
/**
 * Compacting: it is being told to; Briefing: it is briefed again after that; Done; Failed: it could not be told.
 */
stage: ("Compacting" | "Briefing" | "Done" | "Failed")
}
/**
 * Its last turn failed for a trouble that passes, and it is told to go on after a while.
 */
export interface FailedTurn {
/**
 * When the turn failed.
 */
at: string
/**
 * How often it was told to go on before that, since a turn last ended well: each pause is twice the one before.
 */
told: number
}
/**
 * The agent's work tree.
 */
export interface WorkTreeStatus {
/**
 * Where it is.
 */
path: string
/**
 * Its branch.
 */
branch?: string
/**
 * The commit that it was made from.
 */
base?: string
/**
 * How far it is.
 */
state: ("Pending" | "Preparing" | "SettingUp" | "Ready" | "Failed")
/**
 * Why it is not Ready, in one word.
 */
reason?: string
/**
 * Why, for a person.
 */
message?: string
/**
 * What the set-up command printed: a file.
 */
log?: string
}
/**
 * What git says of the agent's working directory.
 */
export interface GitStatus {
/**
 * Unknown: it could not be looked at; the rest is what was seen last.
 */
state: ("Known" | "Unknown")
/**
 * Why it is Unknown.
 */
message?: string
/**
 * The branch that is checked out; absent: none is (a detached HEAD).
 */
branch?: string
/**
 * The commit that is checked out.
 */
head?: string
/**
 * The commit that the work is counted from: what the work tree was made from, or what was checked out when the attempt began; absent: there was none.
 */
base?: string
/**
 * Commits that HEAD has and the base has not.
 */
ahead?: number
/**
 * Commits that the base has and HEAD has not: the history was rewritten, or another branch is checked out.
 */
behind?: number
/**
 * Tracked files that differ from HEAD or the index.
 */
changed?: number
/**
 * Files that are neither tracked nor ignored; a folder that holds nothing tracked counts once.
 */
untracked?: number
/**
 * What is under way: merge, rebase, cherry-pick, revert, bisect.
 */
operation?: string
/**
 * Since when there has been something uncommitted: as it was first seen, or since the last commit.
 */
dirtySince?: string
/**
 * When the checked-out commit was made.
 */
lastCommitAt?: string
/**
 * The first line of its message.
 */
subject?: string
/**
 * When the agent was reminded to commit what has lain since dirtySince.
 */
remindedAt?: string
}
/**
 * The project's tmux session.
 */
export interface SessionRef {
/**
 * Name of the tmux server (tmux -L).
 */
server: string
/**
 * Session id ($1).
 */
id: string
/**
 * Session name.
 */
name: string
}
/**
 * How far the present attempt at the work has come.
 */
export interface RunStatus {
/**
 * The number of the attempt, from 1.
 */
attempt: number
/**
 * Waiting: not admitted, or suspended, or its agents have not been started yet. Active: agents may work. TimingOut: the deadline is over, and the agents were asked to save and report. Verifying: the work seems done, and is put together and verified. Ending: the attempt has failed, and its agents are being ended. BackingOff: it waits for the next attempt. Finished: it has a result.
 */
stage: ("Waiting" | "Active" | "TimingOut" | "Verifying" | "Ending" | "BackingOff" | "Finished")
/**
 * When the stage was entered.
 */
stageSince: string
/**
 * When the attempt's first agent ran.
 */
startedAt?: string
/**
 * For how long the clock of the deadline has run.
 */
activeSeconds: number
/**
 * Until when that is counted.
 */
countedAt?: string
/**
 * How often the deadline was moved on.
 */
extensions: number
/**
 * When there was last a sign of work.
 */
heartbeatAt?: string
/**
 * When the deadline is over, if the clock does not stand still until then.
 */
deadlineAt?: string
/**
 * How much of its time was left when it was last counted.
 */
leftSeconds?: number
/**
 * When the next attempt begins.
 */
nextAttemptAt?: string
/**
 * How it ended.
 */
result?: ("Completed" | "Failed")
/**
 * Why it ended so, or is ending, in one word.
 */
reason?: string
/**
 * Why, for a person.
 */
message?: string
/**
 * When it had its result.
 */
finishedAt?: string
/**
 * The generation of the spec that the result is of.
 */
generation?: number
/**
 * What the run rests on: a hash of the parts of the spec that may change its outcome. A project that has finished runs again once they differ.
 */
inputs?: string
/**
 * What the deadline by size was moved on for, once each: LoginTrouble (an hour), RecentActivity (half an hour).
 */
allowances?: ("LoginTrouble" | "RecentActivity")[]
/**
 * What activeSeconds was at the last sign of work.
 */
heartbeatSeconds?: number
/**
 * Runs of agents that ended in earlier attempts, and count no more.
 */
priorRuns?: string[]
/**
 * When ttlAfterFinished was over, and what was kept was removed.
 */
expiredAt?: string
/**
 * Since when the rules of spec.completion have been met, look after look.
 */
metSince?: string
/**
 * Since when all agents have ended for good and something is missing that the rules ask for.
 */
endedSince?: string
/**
 * Agents that were seen at work in this attempt.
 * 
 * Items: The name of an agent.
 */
worked?: string[]
rounds?: RoundsStatus
refused?: Refusal
}
/**
 * What was done so far with work that seemed finished.
 */
export interface RoundsStatus {
/**
 * How often it was begun to put the work together and to verify it: the number of the present or last round.
 */
count: number
/**
 * How often a command of spec.verification failed.
 */
refusals: number
/**
 * How often the hub was asked to resolve a conflict.
 */
conflicts: number
/**
 * How often in a row it could not be done at all.
 */
failures: number
/**
 * When that is tried again.
 */
nextTryAt?: string
/**
 * What spoke for it when the round began, each as a hash: the next round needs something else.
 * 
 * Items: A hash.
 */
seen?: string[]
/**
 * A hash of the commits that the agents' branches pointed to then, if that was known.
 */
heads?: string
}
/**
 * Why the last round did not end well. The next one begins when there is something newer.
 */
export interface Refusal {
/**
 * When.
 */
at: string
/**
 * VerificationFailed: a command failed. MergeConflict: a branch could not be merged.
 */
reason: ("VerificationFailed" | "MergeConflict")
/**
 * What happened, for a person.
 */
message: string
/**
 * The agents that were told; none: a person has to do something.
 * 
 * Items: The name of an agent.
 */
told: string[]
}
/**
 * An attempt that is over.
 */
export interface Attempt {
/**
 * Its number.
 */
attempt: number
/**
 * How it ended.
 */
result: ("Completed" | "Failed")
/**
 * Why, in one word.
 */
reason: string
/**
 * Why, for a person.
 */
message?: string
/**
 * When its first agent ran.
 */
startedAt?: string
/**
 * When it was over.
 */
finishedAt: string
}
/**
 * How far the rules of spec.completion are met.
 */
export interface CompletionStatus {
/**
 * Whether as many are met as are required.
 */
met: boolean
/**
 * The rules, in their order.
 */
rules: RuleStatus[]
}
/**
 * What was seen of one rule.
 */
export interface RuleStatus {
/**
 * Its name.
 */
name: string
/**
 * Unknown: it could not be looked at.
 */
status: ("True" | "False" | "Unknown")
/**
 * The evidence, or what is missing.
 */
message: string
/**
 * Of which agents it is met, where it is asked of several.
 */
agents?: string[]
/**
 * Since when the status has been so.
 */
since?: string
}
/**
 * What became of the agents' branches.
 */
export interface IntegrationStatus {
/**
 * Merging: under way. Merged: all are in. Conflict: one could not be merged. Failed: git failed.
 */
state: ("Merging" | "Merged" | "Conflict" | "Failed")
/**
 * The branch that holds the result.
 */
branch: string
/**
 * The result.
 */
commit?: string
/**
 * Agents whose branches are in it, in the order of their merging.
 */
merged?: string[]
/**
 * Whose branch could not be merged.
 */
agent?: string
/**
 * The files in conflict.
 */
files?: string[]
/**
 * What happened, for a person.
 */
message?: string
/**
 * How often the hub was asked.
 */
round?: number
/**
 * The reference that holds what the branch was before.
 */
backup?: string
/**
 * What was pushed, moved on or opened with the verified result, and what became of it.
 */
published?: string[]
/**
 * When.
 */
at?: string
}
/**
 * The last round of the commands of spec.verification.
 */
export interface VerificationStatus {
/**
 * The number of the round, from 1.
 */
round: number
/**
 * Running, Passed or Failed.
 */
state: ("Running" | "Passed" | "Failed")
/**
 * What was verified.
 */
commit?: string
/**
 * The command that failed, or runs.
 */
command?: string
/**
 * How it ended, for a person.
 */
message?: string
/**
 * What the commands printed: a file.
 */
log?: string
/**
 * When the round began.
 */
startedAt?: string
/**
 * When it ended.
 */
finishedAt?: string
}
/**
 * Work of an agent that was kept when its work tree was to go.
 */
export interface KeptWork {
/**
 * The agent.
 */
agent: string
/**
 * The work tree that stays.
 */
path?: string
/**
 * The branch that stays.
 */
branch?: string
/**
 * The reference under which uncommitted files were saved.
 */
ref?: string
/**
 * What branch or ref point to.
 */
commit?: string
/**
 * What it is, for a person.
 */
message: string
}
