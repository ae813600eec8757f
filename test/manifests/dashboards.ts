import { readdirSync, readFileSync } from 'node:fs';

/** A panel of a dashboard, as far as it is looked at here. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds: { readonly steps: readonly { readonly color: string; readonly value: number | null }[] };
    };
    readonly overrides: readonly unknown[];
  };
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: unknown;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly panels: readonly Panel[];
}

const FOLDER = new URL('../../manifests/grafana/dashboards/', import.meta.url);

export const DASHBOARDS: readonly Dashboard[] = readdirSync(FOLDER).map(
  (file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Dashboard,
);

export interface Query {
  /** Where it stands, for messages. */
  readonly where: string;
  readonly expr: string;
  readonly legend?: string;
}

/** Every query of a panel. */
export const PANEL_QUERIES: readonly Query[] = DASHBOARDS.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat, refId }) => ({
      where: `${uid}: ${title} ${refId}`,
      expr,
      legend: legendFormat,
    })),
  ),
);

/** Every query of an annotation. */
export const ANNOTATION_QUERIES: readonly Query[] = DASHBOARDS.flatMap(({ uid, annotations }) =>
  annotations.list.flatMap(({ name, expr }) => (expr === undefined ? [] : [{ where: `${uid}: ${name}`, expr }])),
);
