import type { Colour } from '../render/colour.ts';
import type { AnyRow, Facts } from './facts.ts';
import type { Model } from './model.ts';

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly colour?: Colour;
  readonly bold?: true;
  readonly inverse?: true;
}

/** No line is wider than the screen. */
export type Line = readonly Span[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is open of an agent's log. */
export interface LogView {
  readonly lines: readonly string[];
  readonly state: 'Loading' | 'Following' | 'Failed';
  readonly message?: string;
}

export interface Scene {
  readonly facts: Facts;
  readonly model: Model;
  readonly log: LogView | undefined;
  /** The rows of the view, sorted and filtered. */
  readonly rows: readonly AnyRow[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}
