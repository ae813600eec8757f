import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  FieldConfigSource,
  Panel,
  RowPanel,
  VariableModel,
} from '@grafana/schema';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

/** A dashboard as Grafana's own types have it, with what its types of panels want of options and fields. */
export type GrafanaDashboard = Json<Omit<Dashboard, 'annotations' | 'panels' | 'templating'>> & {
  readonly annotations: { readonly list: readonly Json<AnnotationQuery & PrometheusAnnotation>[] };
  readonly panels: readonly (
    | Json<RowPanel>
    | PanelOf<'stat', Stat.Options, object>
    | PanelOf<'state-timeline', StateTimeline.Options, StateTimeline.FieldConfig>
    | PanelOf<'table', Table.Options, Table.FieldConfig>
    | PanelOf<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>
  )[];
  readonly templating: { readonly list: readonly Json<VariableModel & PrometheusVariable>[] };
};

type PanelOf<Type extends string, Options, Custom> = Json<Omit<Panel, 'fieldConfig' | 'options' | 'type'>> & {
  readonly type: Type;
  readonly options: Json<Options>;
  readonly fieldConfig: Json<Omit<FieldConfigSource, 'defaults'>> & {
    readonly defaults: Json<Omit<FieldConfig, 'custom'>> & { readonly custom?: Json<Custom> };
  };
};

/** Data sources have fields of their own in these two; the package has none for Prometheus. */
interface PrometheusVariable {
  readonly definition?: string;
}

interface PrometheusAnnotation {
  readonly expr?: string;
  readonly step?: string;
  readonly tagKeys?: string;
  readonly textFormat?: string;
  readonly titleFormat?: string;
  readonly useValueForTime?: boolean;
}

/** What JSON can say of a type: the value of an enum's member instead of its name. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T extends object
        ? { readonly [Name in keyof T]: Json<T[Name]> }
        : T;
