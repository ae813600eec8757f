// Generated from schemas/team.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * A list of roles that 'muxlet create project' makes agents of.
 */
export interface Team {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Team.
 */
kind: "Team"
metadata: ObjectMeta
spec: TeamSpec
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
 * The team.
 */
export interface TeamSpec {
/**
 * One line for 'muxlet get teams'.
 */
description?: string
/**
 * The members, in order of importance: a small team is the first three.
 * 
 * @minItems 1
 */
members: TeamMember[]
/**
 * How many members each size has.
 */
sizes?: {
[k: string]: number
}
/**
 * Files whose presence in the repository speaks for this team (glob patterns).
 */
signs?: string[]
}
/**
 * One member.
 */
export interface TeamMember {
/**
 * Name of the agent. Default: the role's.
 */
name?: string
/**
 * Its AgentRole.
 */
role: string
/**
 * Its AgentClass. Default: what create was told.
 */
class?: string
}
