import { renderText, type TemplateVariables } from './render-text.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Renders every text in a JSON value, the keys of its objects as well. Numbers and truth values stay what they are, and
 * a text stays a text. Two keys that become the same: the later one wins.
 *
 * @param name what an error calls the value; the way to the text in it is added.
 * @throws MuxletError MUX_TEMPLATE
 */
export function renderJson(name: string, value: Json, variables: TemplateVariables): Json {
  if (typeof value === 'string') return renderText({ name, text: value }, variables);
  if (isList(value)) return value.map((item, index) => renderJson(`${name}[${index}]`, item, variables));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const path = `${name}.${key}`;
    return [renderText({ name: path, text: key }, variables), renderJson(path, item, variables)] as const;
  });
  return Object.fromEntries(entries);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
