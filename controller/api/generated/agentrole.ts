// Generated from schemas/agentrole.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * What an agent is there for: its briefing, as a template.
 */
export interface AgentRole {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always AgentRole.
 */
kind: "AgentRole"
metadata: ObjectMeta
spec: AgentRoleSpec
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
 * The role.
 */
export interface AgentRoleSpec {
/**
 * One line for 'muxlet get agentroles'.
 */
description?: string
/**
 * The first prompt of an agent of this role. A Liquid template. It knows role, agent, project, goal, repo, workingDir, branch, agentDir, team (a list of name, role, class), hub, report (how to report), completion (how it is judged whether the work is done) and, in recovery, commits (a list of lines) and reason. An unknown variable is an error.
 */
briefing: string
/**
 * What the agent is told when it is started again: what to look at first, and to go on. A Liquid template. It knows role, agent, project, goal, repo, workingDir, branch, agentDir, team (a list of name, role, class), hub, report (how to report), completion (how it is judged whether the work is done) and, in recovery, commits (a list of lines) and reason. An unknown variable is an error.
 */
recovery?: string
/**
 * Whether reports of the team go to this role.
 */
hub?: boolean
}
