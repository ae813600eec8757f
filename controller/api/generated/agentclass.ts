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
/**
 * What the controller observed. Ignored in a spec file.
 */
status?: {

}
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
 * Environment variables for every agent of the class; the project's and the agent's entries of the same name win.
 */
env?: EnvVar[]
backoff?: Backoff
finish?: Finish
/**
 * Seconds between TERM and KILL when an agent is ended.
 */
terminationGracePeriodSeconds?: number
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
