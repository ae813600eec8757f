import { agents } from './dashboards/agents.mjs';
import { controller } from './dashboards/controller.mjs';
import { fleet } from './dashboards/fleet.mjs';
import { project } from './dashboards/project.mjs';

/** @returns {Map<string, string>} text by file name: the dashboards, as Grafana reads them */
export function generate() {
  return new Map(
    [fleet, project, agents, controller].map((each) => [`${each.uid}.json`, `${JSON.stringify(each, undefined, 2)}\n`]),
  );
}
