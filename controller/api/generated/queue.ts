// Generated from schemas/queue.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * How many projects run at once, in which order, and when none is started any more.
 */
export interface Queue {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Queue.
 */
kind: "Queue"
metadata: ObjectMeta
spec: QueueSpec
status?: QueueStatus
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
 * What the queue lets run. Applied live; a limit that is lowered ends nothing that runs.
 */
export interface QueueSpec {
/**
 * Projects that may run at once. Default: as many as the other limits let.
 */
maxRunning?: number
/**
 * Agents of all its projects that may run at once.
 */
maxAgents?: number
/**
 * The same, for the agents of a class: {claude: 6}.
 */
maxAgentsPerClass?: {
[k: string]: number
}
machine?: MachineLimits
/**
 * When the first in the line does not fit. BestEffortFIFO: a later one that fits goes first, until the first has been passed for starvationLimit. StrictFIFO: all wait.
 */
queueingStrategy?: ("StrictFIFO" | "BestEffortFIFO")
/**
 * Under BestEffortFIFO: so long may the first in the line be passed; then nothing passes it any more.
 */
starvationLimit?: string
/**
 * Admits nothing for now; what runs goes on.
 */
paused?: boolean
/**
 * Admits nothing, and takes back what runs: the agents are ended, each its class's way, and their projects wait in the line again, at their old place.
 */
drain?: boolean
circuitBreaker?: CircuitBreaker
}
/**
 * What the machine must have left for another project to be admitted.
 */
export interface MachineLimits {
/**
 * Memory that is available, as a Kubernetes quantity: 512Mi, 4Gi.
 */
minFreeMemory?: string
/**
 * The load average of the last minute, divided by the number of processors.
 */
maxLoadPerCPU?: number
}
/**
 * Admits nothing after too many failures; one project is then let through as a trial, and its end decides.
 */
export interface CircuitBreaker {
/**
 * Attempts that failed within the window and open the breaker.
 */
failures?: number
/**
 * The time within which they count.
 */
window?: string
/**
 * So long it stays open before the trial.
 */
openFor?: string
}
/**
 * What the queue does.
 */
export interface QueueStatus {
/**
 * The generation of the spec that this status speaks of.
 */
observedGeneration: number
/**
 * The facts. Active: whether it admits projects, and if not, why.
 */
conditions: Condition[]
/**
 * Slots that are taken.
 */
running: number
/**
 * Projects in the line, those that are held and those that wait for others included.
 */
waiting: number
/**
 * Who has the slots.
 */
admitted: Slot[]
breaker?: BreakerStatus
/**
 * Since when that one has been passed by others.
 */
passedSince?: string
/**
 * The first in the line that only waits for its turn.
 */
head?: string
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
 * A slot that a project has.
 */
export interface Slot {
/**
 * The project's name.
 */
project: string
/**
 * Its uid: an object of the same name that came later is another one.
 */
uid: string
/**
 * When it was admitted.
 */
since: string
/**
 * It is the trial of the circuit breaker.
 */
trial?: boolean
}
/**
 * How the circuit breaker stands.
 */
export interface BreakerStatus {
/**
 * Closed: projects are admitted. Open: none is. HalfOpen: one is on trial.
 */
state: ("Closed" | "Open" | "HalfOpen")
/**
 * The failures that count, by time; at most 100.
 */
failures: BreakerFailure[]
/**
 * When it was opened.
 */
openedAt?: string
/**
 * When it was last closed by a trial: what failed before counts no more.
 */
closedAt?: string
}
/**
 * An attempt of a project that failed.
 */
export interface BreakerFailure {
/**
 * The project.
 */
project: string
/**
 * When the attempt was over.
 */
at: string
}
