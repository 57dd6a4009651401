import { map, scalar, type YamlNode, type YamlScalar } from '../syntax/yaml';
import type { Located } from '../text/range';
import type { KubernetesObject } from './kubernetes-model';

/** A chart a controller installs and keeps up to date, where it follows what is newest. */
export interface MovingChart {
  /** `HelmRelease/web`. */
  readonly name: string;
  readonly chart: string;
  /** As written; undefined where there is none, which means the newest. */
  readonly version: string | undefined;
  readonly at: Located;
}

/** Constraints without an upper bound: https://github.com/Masterminds/semver#checking-version-constraints. */
const open = /^\s*(?:\*|[xX]|latest|>=?\s*[\w.-]+)\s*$/;

/**
 * The charts of an object that follow the newest version: Flux's HelmRelease
 * (https://fluxcd.io/flux/components/helm/helmreleases/#chart-template) and Argo CD's Application
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/). A bounded range such as `1.x` is a decision.
 */
export function* chartReleases(object: KubernetesObject): Iterable<MovingChart> {
  const { kind, apiVersion, spec, label } = object;
  if (kind === 'HelmRelease' && apiVersion.startsWith('helm.toolkit.fluxcd.io/')) {
    const chart = map(map(spec?.get('chart'))?.get('spec'));
    // Of a git repository the chart's own version counts, and the commit is chosen there.
    if (scalar(map(chart?.get('sourceRef'))?.get('kind'))?.string !== 'HelmRepository') return;
    yield* moving(label, scalar(chart?.get('chart')), chart?.get('version'));
  }
  if (kind === 'Application' && apiVersion.startsWith('argoproj.io/')) {
    const several = spec?.get('sources');
    const sources = [spec?.get('source'), ...(several?.kind === 'list' ? several.items : [])];
    for (const source of sources) {
      const chart = scalar(map(source)?.get('chart'));
      if (chart) yield* moving(label, chart, map(source)?.get('targetRevision'));
    }
  }
}

function* moving(
  name: string,
  chart: YamlScalar | undefined,
  said: YamlNode | undefined,
): Iterable<MovingChart> {
  if (!chart || chart.templated) return;
  const version = scalar(said);
  if (said && (!version || !open.test(version.string))) return;
  yield { name, chart: chart.string, version: version?.string, at: version ?? chart };
}
