/** The tree that a JSONPath template is parsed into. */
export type TemplateNode =
  | { readonly type: 'Text'; readonly text: string }
  | { readonly type: 'Path'; readonly path: Path }
  | { readonly type: 'Range'; readonly path: Path; readonly body: readonly TemplateNode[] };

export interface Path {
  /** `$` is the whole document; `@` and a bare `.` are the item of the innermost range or filter. */
  readonly from: 'Root' | 'Current';
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly type: 'Field'; readonly name: string }
  | { readonly type: 'Wildcard' }
  | { readonly type: 'Descend' }
  | { readonly type: 'Index'; readonly index: number }
  | { readonly type: 'Slice'; readonly start?: number; readonly end?: number; readonly stride: number }
  | { readonly type: 'Union'; readonly parts: readonly Step[] }
  | { readonly type: 'Filter'; readonly test: Test };

export type Test =
  | { readonly type: 'Exists'; readonly path: Path }
  | {
      readonly type: 'Compare';
      readonly operator: Operator;
      readonly left: Operand;
      readonly right: Operand;
    };

export const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

export type Operand =
  | { readonly type: 'Literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'Path'; readonly path: Path };
