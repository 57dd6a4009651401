import type { Fact } from '../engine/fact';
import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
  type Probe,
  type Visit,
} from '../engine/format';
import { type GroovyFile, groovyChildren, parseGroovy, type Statement } from '../syntax/groovy';
import type { Source } from '../text/source';
import { image } from './image';
import { jenkinsParts } from './jenkins-delivery';
import {
  type Library,
  type Pipeline,
  readPipeline,
  type Stage,
  type Step,
  textIn,
} from './jenkins-model';

export type JenkinsNodes = { pipeline: Pipeline; library: Library; stage: Stage; step: Step };

/** Jenkins pipelines, declarative and scripted, and the steps of shared libraries written as pipelines. */
export const jenkins = defineFormat<JenkinsNodes, { readonly machine: Machine | undefined }>({
  id: 'jenkins',
  title: 'Jenkins pipeline',
  files: ['**/*[Jj]enkinsfile*', '**/*.groovy'],
  nodes: ['pipeline', 'library', 'stage', 'step'],

  recognises(file) {
    if (isJenkinsfile(file)) return 'by-name';
    if (!file.name.endsWith('.groovy')) return undefined;
    return isPipeline(file) ? 'by-content' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, facts) {
    return jenkinsDocument(source, facts.machine);
  },
});

/** `Jenkinsfile`, `Jenkinsfile.release`, `ci.jenkinsfile`, `Jenkinsfile-nightly.groovy`; no notes or templates of one. */
function isJenkinsfile({ name, languageId }: Probe): boolean {
  if (languageId === 'jenkinsfile') return true;
  return (
    /(?:^|[._-])jenkinsfile(?:$|[._-])/i.test(name) &&
    !/\.(?:md|adoc|rst|txt|html?|xml|ya?ml|json|sh|bats|py|java|rb|js|ts|erb|j2|tpl|tmpl|mustache|png|svg|lock|vsc)$/i.test(
      name,
    )
  );
}

/** https://www.jenkins.io/doc/book/pipeline/shared-libraries/#directory-structure */
const isLibraryStep = (path: string) => /(?:^|\/)vars\/\w+\.groovy$/.test(path);

/** `pipeline { … }` or `node { … stage …}`, or a library's step that runs commands. */
function isPipeline({ path, text }: Probe): boolean {
  if (/^\s*pipeline\s*\{/m.test(text)) return /^\s*(?:agent|stages)\b/m.test(text);
  if (/^node\b.*\{/m.test(text)) return /^\s*(?:stage|sh)\b/m.test(text);
  return isLibraryStep(path) && /\bdef call\b/.test(text) && /\bsh\b\s*[('"]/.test(text);
}

function jenkinsDocument(source: Source, machine: Machine | undefined): Document<JenkinsNodes> {
  const file = parseGroovy(source);
  const pipeline = readPipeline(source, file, machine);
  return {
    source,
    // The first misplaced brace leads to all others.
    problems: file.problems.slice(0, 1),
    embedded: [...pieces(pipeline)],
    get facts() {
      return factsOf(pipeline);
    },
    get parts() {
      return jenkinsParts(pipeline);
    },
    route: (offset) => routeIn(file, offset),
    *walk(): Iterable<Visit<JenkinsNodes>> {
      yield ['pipeline', pipeline];
      for (const library of pipeline.libraries) yield ['library', library];
      for (const stage of pipeline.stages) yield ['stage', stage];
      for (const step of pipeline.steps) yield ['step', step];
    },
  };
}

function* pieces(pipeline: Pipeline): Iterable<Embedded> {
  for (const each of pipeline.images) {
    const { text, reference } = each;
    const { use, incomplete, defaulted } = reference;
    yield embed(image, text, { use, incomplete, defaulted }, each);
  }
  for (const { embedded } of pipeline.steps) if (embedded) yield embedded;
}

/** `jenkins/library-here`: the workspace is, or holds, a shared library; its steps are files of `vars`. */
function factsOf({ built, path }: Pipeline): readonly Fact[] {
  const images = [...built].map((key): Fact => ({ kind: 'image/built-here', key }));
  return isLibraryStep(path) ? [...images, { kind: 'jenkins/library-here', key: '' }] : images;
}

/** Such as `pipeline.stages.stage[Build].steps.sh[2]`: the calls around an offset. */
function routeIn(file: GroovyFile, offset: number): string {
  const route: string[] = [];
  let nodes: readonly Statement[] = file.body;
  const counts = new Map<string, number>();
  for (;;) {
    let inner: Statement | undefined;
    for (const node of nodes) {
      const name = node.kind === 'call' ? (node.name ?? '') : '';
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
      if (node.range[0] > offset || offset > node.range[1]) continue;
      inner = node;
      break;
    }
    if (!inner) return route.join('.');
    if (inner.kind === 'call' && inner.name !== undefined) {
      const label = textIn(inner.block ? inner.first : undefined) ?? `${counts.get(inner.name)}`;
      route.push(`${inner.name}[${label}]`);
      counts.clear();
    }
    nodes = groovyChildren(inner);
  }
}
