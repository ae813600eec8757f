/**
 * Liquid templates, strictly: what a template names and nobody handed in is an error, and there is nothing else to get
 * at: no file, no clock, no chance, no prototype. Renders text; knows nothing of agents, roles or files.
 */
import { Liquid } from 'liquidjs';

/** Bytes of nothing but text are cheap; a template that needs more than this is a mistake or an attack. */
const PARSE_LIMIT = 1024 * 1024;
const MEMORY_LIMIT = 16 * 1024 * 1024;
const TIME_LIMIT_MS = 2000;

/** They read other files. */
const NO_TAGS = ['include', 'render', 'layout', 'block'];
/** They ask the clock or throw dice: the same input is to give the same text. */
const NO_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string', 'sample'];

export function createEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    dynamicPartials: false,
    templates: {},
    parseLimit: PARSE_LIMIT,
    renderLimit: TIME_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  });
  for (const tag of NO_TAGS) delete engine.tags[tag];
  for (const filter of NO_FILTERS) engine.unregisterFilter(filter);
  return engine;
}
