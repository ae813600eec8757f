/** One field of a kind, or the kind itself. */
export interface Field {
  readonly name: string;
  /** As kubectl writes it: `<string>`, `<[]AgentTemplate>`, `<map[string]string>`. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly values: readonly unknown[];
  readonly default: unknown;
  readonly fields: readonly Field[];
}

export interface Explanation {
  readonly kind: string;
  readonly version: string;
  readonly field: Field;
  /** Whether the kind itself is meant. */
  readonly whole: boolean;
}
