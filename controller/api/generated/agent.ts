// Generated from schemas/agent.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * One agent of a Project: what a Pod is to a Deployment. Read-only; named PROJECT.AGENT.
 */
export interface Agent {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Agent.
 */
kind: "Agent"
metadata: OwnedMeta
spec: AgentSpec
status: AgentStatus
}
/**
 * Name, identity and owner.
 */
export interface OwnedMeta {
/**
 * PROJECT.AGENT.
 */
name: string
/**
 * The agent's identity.
 */
uid: string
/**
 * The project's labels.
 */
labels?: {
[k: string]: string
}
/**
 * When the agent was first seen.
 */
creationTimestamp?: string
/**
 * The Project that owns it.
 */
ownerReferences: OwnerReference[]
}
/**
 * The owner.
 */
export interface OwnerReference {
/**
 * The owner's version.
 */
apiVersion: string
/**
 * The owner's kind.
 */
kind: string
/**
 * The owner's name.
 */
name: string
/**
 * The owner's identity.
 */
uid: string
/**
 * Always true.
 */
controller: boolean
}
/**
 * What it was made from.
 */
export interface AgentSpec {
/**
 * Its project.
 */
project: string
/**
 * Its AgentClass.
 */
class: string
/**
 * Program and arguments.
 */
command?: string[]
/**
 * Where it starts.
 */
workingDir?: string
/**
 * When it is started again.
 */
restartPolicy?: ("Always" | "OnFailure" | "Never")
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
