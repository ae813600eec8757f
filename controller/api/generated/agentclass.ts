// Generated from schemas/agentclass.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * How to start and end one kind of agent program, as data.
 */
export interface AgentClass {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always AgentClass.
 */
kind: "AgentClass"
metadata: ObjectMeta
spec: AgentClassSpec
status?: AgentClassStatus
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
 * How programs of this class are run.
 */
export interface AgentClassSpec {
/**
 * One line for 'muxlet get agentclasses'.
 */
description?: string
/**
 * Program and arguments for agents that name no command of their own.
 * 
 * @minItems 1
 */
command?: string[]
/**
 * Environment variables for every agent of the class, templates allowed in their values; the project's and the agent's entries of the same name win.
 */
env?: EnvVar[]
backoff?: Backoff
finish?: Finish
/**
 * Seconds between TERM and KILL when an agent is ended.
 */
terminationGracePeriodSeconds?: number
/**
 * The executable that must be found on PATH before an agent is started. Default: the first word of command; none for a class without a command.
 */
program?: string
version?: ProgramVersion
/**
 * Names of variables of the controller's environment that agents of the class are given, '*' for any end: [ANTHROPIC_*]. What is not named here, and is not one of the few that every program needs (PATH, HOME, USER, LANG, TERM, …), is not inherited.
 */
inherit?: string[]
start?: Start
resume?: Resume
conversation?: Conversation
prompt?: Prompt
/**
 * Files written before each start, in this order: the answers to first-run questions, hooks, settings.
 */
files?: ProvidedFile[]
reading?: Reading
delivery?: Delivery
/**
 * Questions on the screen that a project may have muxlet answer (spec.agents[].approvals); all others wait for a person.
 */
dialogs?: Dialog[]
auth?: Auth
limits?: Limits
/**
 * The plan that the account is on, one of plans. At most as many agents of the class as it carries run at once, over all projects; further ones wait (AgentsTaken). Default: no plan, and no limit. Applied live; what runs is not ended.
 */
plan?: string
/**
 * How many agents an account carries at once, by the name of its plan: {pro: 3, max5: 5}. 'muxlet create project' proposes no larger team.
 */
plans?: {
/**
 * Agents at once.
 */
[k: string]: number
}
health?: Health
context?: ContextPolicy
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
 * The program's own way to end, tried before TERM: either a signal to the agent's process or keys typed into its pane.
 */
export interface Finish {
/**
 * A signal for the agent's process.
 */
signal?: ("HUP" | "INT" | "QUIT" | "USR1" | "USR2")
/**
 * Keys, by tmux's names, typed into the agent's pane if its process lives: [C-c], [/exit, Enter].
 * 
 * @minItems 1
 */
keys?: string[]
/**
 * Seconds to wait for the program to end before TERM.
 */
timeoutSeconds?: number
}
/**
 * How the version of the program is asked, and which versions this class was tried with. Another one makes a condition, never a failure.
 */
export interface ProgramVersion {
/**
 * Prints the version.
 * 
 * @minItems 1
 */
command: string[]
/**
 * Regular expression whose first group is the version in what is printed.
 */
pattern?: string
/**
 * Semantic-version range of the versions that were tried: '>=2.1.300 <2.2.0'.
 */
seen?: string
}
/**
 * How a new conversation is begun.
 */
export interface Start {
/**
 * Arguments after the command. Templates ({{ … }}) know agentDir, hook, home, workingDir, project, agent, uid, run, conversation, port, inputFile and prompt.
 */
args?: string[]
}
/**
 * How an earlier conversation is gone on with.
 */
export interface Resume {
/**
 * Arguments after the command, in place of start.args. Templates ({{ … }}) know agentDir, hook, home, workingDir, project, agent, uid, run, conversation, port, inputFile and prompt.
 */
args: string[]
/**
 * A file that exists only if there is something to resume (a template; '*' in it stands for any name). Without it, a known conversation is resumed.
 */
ifExists?: string
}
/**
 * Where the id of a conversation comes from.
 */
export interface Conversation {
/**
 * Assigned: muxlet makes a UUID and gives it by start.args. Reported: a record of the program names it (reading rules, conversation). None: it has no id; resume.args alone say how to go on.
 */
id?: ("Assigned" | "Reported" | "None")
}
/**
 * How the first prompt, the briefing, is given.
 */
export interface Prompt {
/**
 * Arguments at the end of start.args and resume.args, left out where there is nothing to say: ['{{ prompt }}'].
 */
args?: string[]
/**
 * A longer prompt stays in its file, and the agent is told to read that.
 */
maxBytes?: number
/**
 * How it is given to a conversation that is gone on with. Argument: by args. Message: as a message (delivery), once the agent is idle, for programs that take a prompt on their command line for a new conversation alone, or before the old one is there.
 */
resumed?: ("Argument" | "Message")
}
/**
 * A file that the program reads.
 */
export interface ProvidedFile {
/**
 * Where it stands: a template. Below agentDir it is muxlet's own; elsewhere (the user's own file) only what is named is changed, atomically and under a lock, and all else is kept.
 */
path: string
/**
 * A variable of the agent's environment: the file is left out where the agent has none or an empty one. The file's templates know it as env.NAME.
 */
ifEnv?: string
/**
 * What the JSON file is to hold: objects are merged key by key, lists gain what they lack, other values replace. Keys and values are templates.
 */
json?: {

}
/**
 * The whole content, a template: for muxlet's own files only.
 */
text?: string
/**
 * Whether the file may be executed.
 */
executable?: boolean
}
/**
 * How it is known what an agent does.
 */
export interface Reading {
/**
 * Where to look, the most trusted first. What the process table says outranks them all.
 * 
 * @minItems 1
 */
sources: Source[]
/**
 * An agent that says nothing for so long after its start is Unknown and no more Starting, in seconds.
 */
startTimeoutSeconds?: number
/**
 * Whether patterns ignore case.
 */
ignoreCase?: boolean
}
/**
 * One source of evidence.
 */
export interface Source {
/**
 * Hook: what the program hands to the hook. File: a JSON file that it keeps. Transcript: a file of JSON lines that it appends to. Title: the terminal's title. Screen: the text on the terminal. Http: a JSON answer of the program's own local server.
 */
type: ("Hook" | "File" | "Transcript" | "Title" | "Screen" | "Http")
/**
 * File and Transcript: where it stands, a template that knows pid as well; '*' stands for any name, and then only a file that was made after the run's start counts, unless the path names the conversation.
 */
path?: string
/**
 * Transcript: the field of a hook's record that names the file; it wins over path.
 */
pathFrom?: string
/**
 * Http: what is asked, a template that knows port and conversation.
 */
url?: string
/**
 * Http: seconds between two requests.
 */
everySeconds?: number
/**
 * File: what must be so for the file to be this agent's.
 * 
 * @minItems 1
 */
valid?: FieldTest[]
/**
 * The first rule that fits a record, a text or a title says what it means. None: it says nothing.
 */
rules: Rule[]
}
/**
 * A field of a record, and what it must be.
 */
export interface FieldTest {
/**
 * A dotted path: payload.type; 0 for the first of a list, '*' for any entry of a list or an object, '*~' for the name of any.
 */
field: string
/**
 * It is this, written as text. A template, in which File sources know conversation, workingDir and the rest.
 */
is?: string
/**
 * It is one of these, written as text.
 */
in?: string[]
/**
 * It is text in which this regular expression is found.
 */
pattern?: string
/**
 * Whether it is there and not null.
 */
exists?: boolean
/**
 * Whether it is absent, null, or an empty list, text or object.
 */
empty?: boolean
}
/**
 * What one piece of evidence means.
 */
export interface Rule {
/**
 * Names the rule where its verdict is shown.
 */
name?: string
/**
 * Hook, File, Transcript, Http: what the record holds; all of it must be so.
 * 
 * @minItems 1
 */
match?: FieldTest[]
/**
 * Title, Screen: a regular expression (flags m and u) that is found in the text.
 */
pattern?: string
/**
 * What the agent does, by this. Without it, the rule says nothing of the state and may still say a prompt, a conversation or that the agent moved.
 */
state?: ("Starting" | "Idle" | "Busy" | "Waiting" | "NeedsAuth" | "Limited")
/**
 * Further states that this evidence does not rule out: a less trusted source may then say which.
 */
or?: ("Starting" | "Idle" | "Busy" | "Waiting" | "NeedsAuth" | "Limited")[]
/**
 * Why, in one word: PermissionPrompt, TrustDialog, Question, Login, UsageLimit, RateLimit, Retrying, Overloaded, TurnFailed, Interrupted, ContextFull, BackgroundWork, …
 */
reason?: string
/**
 * Why, for a person: a template over the record's fields (record.error) or the pattern's groups (groups.text).
 */
message?: string
/**
 * Whether a turn of work begins, ends well, fails, or was interrupted.
 */
turn?: ("Begins" | "Ends" | "Fails" | "Interrupted")
/**
 * The field that holds a prompt as the program took it: proof that a message was submitted.
 */
prompt?: string
/**
 * The field that holds the conversation's id.
 */
conversation?: string
/**
 * Whether the record tells that the program has begun another conversation, the one that it names (conversation): a person has had it forget all. Other records of another conversation are none of the agent's.
 */
renews?: boolean
/**
 * Whether the record tells that the program has come up. While no such record came, an agent that seems to rest is Starting: its input box may be there before the program can do anything with what it is told.
 */
started?: boolean
/**
 * Whether work begins or ends that goes on beside the turn: a command in the background, an agent of its own. While some goes on, an Idle agent is Busy (BackgroundWork).
 */
work?: ("Begins" | "Ends")
/**
 * Which work that is: a template over the record's fields (record.agent_id), by which its end is known again.
 */
workId?: string
/**
 * The field (or, for a pattern, the group) that holds the text that says when a limit ends.
 */
limit?: string
/**
 * The field or group that holds how much of the context is left, in percent; or a number itself: '100' where a record tells that it was compacted.
 */
context?: string
/**
 * How long the evidence counts, in seconds, if nothing follows it. Default: until something does.
 */
holdsSeconds?: number
/**
 * Whether the trouble passes by itself (Transient) or stays until a person acts (Permanent): nothing that is permanent is tried again.
 */
failure?: ("Transient" | "Permanent")
/**
 * Version on which this was seen.
 */
seen?: string
}
/**
 * How a message reaches the program.
 */
export interface Delivery {
/**
 * Paste: into the terminal, as a bracketed paste, and then the keys that submit it. Command: a program that hands it over. Http: a request to the program's own server. File: a JSON line at the end of a file that the program reads.
 */
method?: ("Paste" | "Command" | "Http" | "File")
/**
 * Paste: milliseconds between the paste and the keys.
 */
pauseMs?: number
/**
 * Paste: keys that submit what stands in the input box.
 * 
 * @minItems 1
 */
submit?: string[]
/**
 * Paste: regular expression (flag m) with the group 'text': what stands in the input box. A box that holds something is somebody's, and is not typed into.
 */
inputLine?: string
/**
 * Paste: texts in the input box that the program itself shows there while it is empty (patterns).
 */
emptyText?: string[]
/**
 * Paste: keys that take one line out of the input box; used only on what muxlet itself typed.
 * 
 * @minItems 1
 */
clear?: string[]
/**
 * Whether the program queues what it is given while it works.
 */
whileBusy?: boolean
/**
 * A longer text, or one of several lines, stays in a file, and one line points to it.
 */
maxChars?: number
/**
 * Paste: texts that stay in a file as well, since the program would make something else of them (patterns).
 */
byFile?: string[]
/**
 * Command: program and arguments; a template that knows text, conversation and the rest.
 * 
 * @minItems 1
 */
command?: string[]
/**
 * Http: where the request goes, a template.
 */
url?: string
/**
 * Http and File: the JSON that is sent; its texts are templates.
 */
body?: {

}
/**
 * File: the file that the program reads, a template.
 */
path?: string
/**
 * How long the program's own record of the prompt is waited for before Enter is repeated, in seconds.
 */
confirmSeconds?: number
/**
 * Command and Http: the program has recorded by then what it accepted. Where a controller was killed in the middle and there is no record, it is handed over once more.
 */
recordedWithinSeconds?: number
}
/**
 * A question that the program asks on the screen.
 */
export interface Dialog {
/**
 * The reason that an agent shows while it waits there: TrustDialog, PermissionPrompt, …
 */
name: string
/**
 * Regular expression (flags m and u) that is found on the screen while the dialog is open.
 */
pattern: string
/**
 * Keys for each answer by name: {accept: [Down, Enter]}.
 */
answers: {
/**
 * Keys, by tmux's names.
 * 
 * @minItems 1
 */
[k: string]: string[]
}
}
/**
 * Whether the program is logged in. Belongs to the account: all agents of the class share it.
 */
export interface Auth {
/**
 * A command that exits with 0 if the program is logged in.
 * 
 * @minItems 1
 */
check?: string[]
/**
 * It counts as logged in if one of these variables is set for it; the command is then not asked.
 */
env?: string[]
/**
 * Files that change when somebody logs in (templates).
 */
files?: string[]
/**
 * What a person does to log in, in one line: 'run: claude, then /login'.
 */
login?: string
}
/**
 * Usage limits of the account.
 */
export interface Limits {
/**
 * What happens to agents at a limit: resume, they are held and told to go on after it; wait, they are held until a person says so; own, the program goes on by itself and is left alone.
 */
policy?: ("resume" | "wait" | "own")
/**
 * Regular expressions with the groups epoch, iso, seconds, or month, day, hour, minute, ampm, zone: how the time is read at which a limit ends.
 */
resets?: string[]
/**
 * Where no time can be read: how long the first wait is, in minutes; it doubles up to 120. 0: five hours, the length of a cycle.
 */
fallbackMinutes?: number
/**
 * So long after the time that was read its agents go on, in seconds. A program that goes on by itself some time after it is told nothing if this is later.
 */
laterSeconds?: number
/**
 * What the agent is told when the limit is over.
 */
goOn?: string
/**
 * An agent whose turn failed for a trouble that passes (failure: Transient) and that the program's own tries did not outlast is told to go on after so many minutes; they double up to 120, until a turn ends well. 0: never. Under the policies wait and own nobody is told.
 */
retryMinutes?: number
}
/**
 * When an agent counts as stuck.
 */
export interface Health {
/**
 * Seconds without output, CPU time, child processes or records while it should be working. At most 1800.
 */
hungAfterSeconds?: number
/**
 * Names of shells: an agent whose process has become one of these is stuck. Default: sh, bash, zsh, fish, dash, ksh; none for a class without a command.
 */
shells?: string[]
/**
 * After so many recoveries within an hour the agent is left alone and a person is told.
 */
maxRecoveriesPerHour?: number
}
/**
 * What happens when the context of a conversation is nearly full.
 */
export interface ContextPolicy {
/**
 * Nearly full: less than this is left.
 */
belowPercent?: number
/**
 * own: the program compacts by itself. compact: it is told to, once, when it is idle, and is then briefed again.
 */
policy?: ("own" | "compact")
/**
 * What it is told: '/compact'.
 */
compact?: string
}
/**
 * What the controller observed of the program and its account. Ignored in a spec file.
 */
export interface AgentClassStatus {
/**
 * The generation of the spec that this was said of.
 */
observedGeneration: number
/**
 * Accepted, ProgramFound, VersionSeen, Authenticated and WithinLimits.
 */
conditions: Condition[]
/**
 * How many agents of the class there are.
 */
agents: number
/**
 * Where the program was found.
 */
program?: string
/**
 * The version that it says it has.
 */
version?: string
login?: LoginStatus
limit?: LimitStatus
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
 * How the login of the account went.
 */
export interface LoginStatus {
/**
 * Since when the login is lost: no agent of the class is started until it is back.
 */
lostAt?: string
/**
 * When it last came back: agents that still show the loss from before are started anew.
 */
restoredAt?: string
/**
 * What auth.check last said, since the login was lost.
 */
check?: ("Passed" | "Failed")
/**
 * The newest change of auth.files when the login was lost.
 */
filesAt?: string
/**
 * A fingerprint of the variable of auth.env that was set when the login was lost.
 */
credential?: string
}
/**
 * How the usage limit of the account stands.
 */
export interface LimitStatus {
/**
 * Since when the account is at its limit.
 */
since?: string
/**
 * When its agents go on: limits.laterSeconds after the time that was read, or after the fallback.
 */
until?: string
/**
 * Waits in a row for which no time could be read.
 */
waits: number
/**
 * When the last limit ended.
 */
endedAt?: string
}
