import type { Liquid } from 'liquidjs';
import { MuxletError } from '../api/errors.ts';
import { createEngine } from './engine.ts';

export interface Template {
  /** What an error calls it: the object and the field, `AgentRole developer, spec.briefing`. */
  readonly name: string;
  readonly text: string;
}

/** A value that is absent is `null`, which a template may ask for; what is not named here at all may not be asked for. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export type TemplateVariables = Readonly<Record<string, TemplateValue>>;

/** Longest text that a template may become, in characters. */
export const OUTPUT_LIMIT = 1024 * 1024;

let engine: Liquid | undefined;

/**
 * @param mostMs how long it may take, in milliseconds, where that is less than any template may
 * @throws MuxletError MUX_TEMPLATE naming the template, what is wrong (an unknown variable by its name), line and column.
 */
export function renderText(template: Template, variables: TemplateVariables, mostMs?: number): string {
  if (!isTemplate(template.text)) return template.text;
  engine ??= createEngine();
  const text = render(engine, template, { variables, mostMs });
  if (text.length <= OUTPUT_LIMIT) return text;
  throw new MuxletError('MUX_TEMPLATE', `${template.name}: it becomes longer than ${OUTPUT_LIMIT} characters`);
}

interface Rendering {
  readonly variables: TemplateVariables;
  readonly mostMs: number | undefined;
}

function render(liquid: Liquid, { name, text }: Template, { variables, mostMs }: Rendering): string {
  try {
    return String(liquid.parseAndRenderSync(text, variables, mostMs === undefined ? {} : { renderLimit: mostMs }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = Object.keys(variables).sort().join(', ');
    throw new MuxletError('MUX_TEMPLATE', `${name}: ${message}`, { hint: `it knows ${known}`, cause: error });
  }
}

/** Most texts are none, and cost nothing. */
function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
