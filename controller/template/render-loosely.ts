import { renderText, type TemplateVariables } from './render-text.ts';

/** It is asked for each record of each agent, and everybody waits for it. */
const MOST_MS = 100;

/** For what reads: a template that names something that nobody has becomes nothing, since a record need not hold every field. */
export function renderLoosely(template: string, variables: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return renderText({ name: 'reading', text: template }, variables as TemplateVariables, MOST_MS);
  } catch {
    return undefined;
  }
}
