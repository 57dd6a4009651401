import type { Fact, FactName } from '../engine/fact';
import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Machine,
  type Visit,
} from '../engine/format';
import type { Part } from '../engine/part';
import { type Instruction, parseDockerfile } from '../syntax/dockerfile';
import { lookUp } from '../text/look-up';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';
import { linksOf, toImage, unique } from './delivery';
import { shipsNoHealthcheck } from './healthcheck-images';
import { image, parseImage } from './image';
import { embedShell, type Script } from './shell';
import type { ShellFacts, ShellUse } from './shell-model';
import { expandVariables, type VariableValue } from './variables';

export type { Instruction } from '../syntax/dockerfile';

/** A Dockerfile as its build sees it. */
export interface Dockerfile extends Located {
  readonly stages: readonly Stage[];
  /** ARGs before the first FROM (https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact). */
  readonly globals: readonly Instruction[];
}

/** From one FROM to the next. */
export interface Stage extends Located {
  readonly from: Instruction;
  readonly index: number;
  /** The name behind AS. */
  readonly alias: Value | undefined;
  /** The image or stage it starts from, as written. */
  readonly base: Value | undefined;
  /** The earlier stage it starts from, if it is one. */
  readonly parent: Stage | undefined;
  readonly instructions: readonly Step[];
  /** Nothing later is built from it: it is what the build yields. */
  readonly final: boolean;
}

/** An instruction in its stage. */
export interface Step extends Located {
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** The script of a RUN (and the shell form of CMD, ENTRYPOINT, HEALTHCHECK), read when first asked for. */
  readonly script: Script | undefined;
}

export type DockerfileNodes = { file: Dockerfile; stage: Stage; step: Step };

/** ARGs that Docker itself sets (https://docs.docker.com/reference/dockerfile/#predefined-args). */
const predefined = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

const plainName = /^(?:(?:Dockerfile|Containerfile)|[\w.-]+\.(?:dockerfile|containerfile))$/i;
/** `Dockerfile.dev`; a part of a Dockerfile, or what one is made from, is often named so as well. */
const suffixedName = /^(?:Dockerfile|Containerfile)[.-][\w.-]+$/i;
const otherKind = /\.(?:dockerignore|md|txt|ya?ml|json|sh|py|go|j2|erb|tmpl|template|tpl|in)$/i;

/** Dockerfiles (https://docs.docker.com/reference/dockerfile/). */
export const dockerfile = defineFormat<DockerfileNodes, { readonly machine: Machine | undefined }>({
  id: 'dockerfile',
  title: 'Dockerfile',
  files: [
    '**/{Dockerfile,Containerfile}*',
    '**/*.{dockerfile,Dockerfile,containerfile,Containerfile}',
  ],
  nodes: ['file', 'stage', 'step'],

  recognises(file) {
    if (file.languageId === 'dockerfile') return 'by-name';
    const named =
      plainName.test(file.name) ||
      (suffixedName.test(file.name) &&
        !otherKind.test(file.name) &&
        /^[ \t]*FROM[ \t]/im.test(file.text));
    // A line that begins with a template's braces: a Dockerfile is yet to be made from it.
    return named && !/^[ \t]*\{\{/m.test(file.text) ? 'by-name' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, { machine }) {
    return dockerfileDocument(source, machine);
  },
});

interface Piece {
  readonly step: Step;
  readonly embedded: ReturnType<typeof embedShell> | undefined;
}

function dockerfileDocument(
  source: Source,
  machine: Machine | undefined,
): Document<DockerfileNodes> {
  const syntax = parseDockerfile(source);
  const { file, pieces } = readFile(source, syntax.instructions, machine);
  let embedded: readonly Embedded[] | undefined;
  return {
    source,
    problems: syntax.problems,
    facts: facts(source.path, file),
    get parts() {
      return file.stages.length === 0 ? [] : [recipe(file, pieces)];
    },
    get embedded() {
      embedded ??= [...imagesIn(source, file), ...scriptsOf(pieces)];
      return embedded;
    },
    route(offset) {
      const stage = file.stages.findLast((each) => each.range[0] <= offset);
      if (!stage) return '';
      const step = stage.instructions.findLast((each) => each.range[0] <= offset);
      return `.${stage.alias?.value ?? stage.index}.${step?.instruction.keyword.value ?? 'FROM'}`;
    },
    *walk(): Iterable<Visit<DockerfileNodes>> {
      yield ['file', file];
      for (const stage of file.stages) {
        yield ['stage', stage];
        for (const step of stage.instructions) yield ['step', step];
      }
    },
  };
}

/**
 * Stated for a build (of the last stage, or a named one) that yields an image certain to have no HEALTHCHECK: none is
 * written, and the image it starts from is known to come without.
 */
export const dockerfileUnchecked = (path: string, stage?: string): FactName => ({
  kind: 'dockerfile/no-healthcheck',
  key: stage === undefined ? path : `${path}#${stage.toLowerCase()}`,
});

/** The file as what an image is built from: the images it starts from, the scripts its build runs. */
function recipe(file: Dockerfile, pieces: readonly Piece[]): Part {
  const bases = file.stages.flatMap(({ base, parent }) =>
    base && !parent && !base.value.includes('$') && base.value !== 'scratch'
      ? [toImage('uses', base.value)]
      : [],
  );
  const scripts = pieces.flatMap(({ embedded }) => (embedded ? linksOf(embedded.parse()) : []));
  const runs = scripts.filter((each) => each.verb === 'runs' && each.to.kind === 'file');
  const { range } = file.stages[0]!.from;
  return { kind: 'recipe', name: '', links: unique([...bases, ...runs]), range };
}

function facts(path: string, file: Dockerfile): readonly Fact[] {
  const found: Fact[] = [{ kind: 'dockerfile', key: path }];
  const checks = (stage: Stage | undefined): boolean =>
    stage !== undefined &&
    (stage.instructions.some((step) => isHealthcheck(step.instruction)) || checks(stage.parent));
  const root = (stage: Stage): Stage => (stage.parent ? root(stage.parent) : stage);
  const unchecked = (stage: Stage) => {
    const { base } = root(stage);
    return (
      !checks(stage) &&
      base !== undefined &&
      shipsNoHealthcheck(parseImage(base.value, { use: 'base', incomplete: false, defaulted: [] }))
    );
  };
  const last = file.stages.at(-1);
  if (checks(last)) found.push({ kind: 'dockerfile/healthcheck', key: path });
  if (last && unchecked(last)) found.push(dockerfileUnchecked(path));
  for (const stage of file.stages) {
    if (stage.alias && unchecked(stage)) found.push(dockerfileUnchecked(path, stage.alias.value));
  }
  return found;
}

const isHealthcheck = (instruction: Instruction) =>
  instruction.keyword.value === 'HEALTHCHECK' &&
  instruction.args[0]?.value.toUpperCase() !== 'NONE';

function readFile(
  source: Source,
  instructions: readonly Instruction[],
  machine: Machine | undefined,
): { file: Dockerfile; pieces: readonly Piece[] } {
  const globals: Instruction[] = [];
  const stages: (Stage & { instructions: Step[] })[] = [];
  const pieces: Piece[] = [];
  const shells = new Map<Stage, ShellFacts>();
  for (const instruction of instructions) {
    if (instruction.keyword.value === 'FROM') {
      stages.push(readStage(instruction, stages));
      const stage = stages.at(-1)!;
      shells.set(stage, (stage.parent && shells.get(stage.parent)) ?? defaultShell(machine));
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) {
      globals.push(instruction);
      continue;
    }
    if (instruction.keyword.value === 'SHELL') shells.set(stage, shellOf(instruction, machine));
    const piece = readStep(instruction, stage, shells.get(stage)!);
    pieces.push(piece);
    stage.instructions.push(piece.step);
  }
  const used = new Set(stages.map((stage) => stage.parent));
  const done = stages.map((stage, index) => {
    const last = stage.instructions.at(-1) ?? stage.from;
    return Object.assign(stage, {
      range: [stage.from.range[0], last.range[1]] as const,
      final: index === stages.length - 1 && !used.has(stage),
    });
  });
  return { file: { stages: done, globals, range: [0, source.text.length] }, pieces };
}

function readStage(from: Instruction, earlier: readonly Stage[]): Stage & { instructions: Step[] } {
  const [base, as, alias] = from.args;
  return {
    from,
    index: earlier.length,
    base,
    alias: as?.value.toUpperCase() === 'AS' ? alias : undefined,
    parent: base && stageNamed(base.value, earlier),
    instructions: [],
    final: false,
    range: from.range,
  };
}

/** Stage names are compared without regard to case; a number counts the stages from 0. */
function stageNamed(text: string, stages: readonly Stage[]): Stage | undefined {
  return (
    stages.findLast((stage) => stage.alias?.value.toLowerCase() === text.toLowerCase()) ??
    (/^\d+$/.test(text) ? stages[Number(text)] : undefined)
  );
}

/** `/bin/sh -c` without errexit (https://docs.docker.com/reference/dockerfile/#shell). */
const defaultShell = (machine: Machine | undefined): ShellFacts => ({
  dialect: 'sh',
  stopsOnError: false,
  pipefail: false,
  machine: machine ?? 'fresh',
  use: 'image-build',
});

function shellOf(instruction: Instruction, machine: Machine | undefined): ShellFacts {
  const words = (instruction.exec ?? instruction.args).map((arg) => arg.value);
  const program = /(?:^|[\\/])(\w+)(?:\.exe)?$/.exec(words[0] ?? '')?.[1] ?? '';
  return {
    ...defaultShell(machine),
    dialect: /^(bash|zsh|ksh)$/.test(program)
      ? 'bash'
      : /^(sh|ash|dash)$/.test(program)
        ? 'sh'
        : 'other',
    stopsOnError: words.some((word) => /^-[a-z]*e/.test(word)) || words.includes('errexit'),
    pipefail: words.includes('pipefail'),
  };
}

const uses: Readonly<Record<string, ShellUse>> = {
  RUN: 'image-build',
  CMD: 'startup',
  ENTRYPOINT: 'startup',
  HEALTHCHECK: 'healthcheck',
};

function readStep(instruction: Instruction, stage: Stage, shell: ShellFacts): Piece {
  const use = lookUp(uses, instruction.keyword.value);
  const script = use && scriptSource(instruction);
  const written = script && ownShell(script.text, shell);
  const embedded =
    script && written && written.dialect !== 'other'
      ? embedShell(script, { ...written, use }, instruction)
      : undefined;
  const step: Step = {
    instruction,
    stage,
    get script() {
      return embedded?.parse().script;
    },
    range: instruction.range,
  };
  return { step, embedded };
}

/** The text the shell gets; of the exec form only `["sh", "-c", "…"]` holds a script. */
function scriptSource(instruction: Instruction): Source | undefined {
  const { exec, body, heredocs } = instruction;
  if (exec) {
    const [program, flag, text] = exec;
    const runsScript =
      /(?:^|\/)(?:ba|da|a)?sh$/.test(program?.value ?? '') && /^-\w*c$/.test(flag?.value ?? '');
    return runsScript ? text?.text : undefined;
  }
  // `RUN <<EOF python3`: the document is that program's, not the shell's.
  const reader = heredocs.find((each) => each.reader === 'script')?.follows?.value;
  if (reader !== undefined && !/^(?:\/\S*\/)?(?:ba|da|a)?sh\b/.test(reader)) return undefined;
  return body;
}

/** A here-document may name its interpreter in its first line (https://docs.docker.com/reference/dockerfile/#here-documents). */
function ownShell(text: string, shell: ShellFacts): ShellFacts {
  const line = /^#!\s*(\S+)(?:[ \t]+(\S+))?([^\n]*)/.exec(text);
  if (!line) return shell;
  const program = line[1]!.endsWith('/env') ? (line[2] ?? '') : line[1]!;
  const kind = /(?:^|\/)(bash|sh|dash|ash)$/.exec(program)?.[1];
  const flags = `${line[2] ?? ''}${line[3] ?? ''}`;
  return {
    ...shell,
    dialect: kind === undefined ? 'other' : kind === 'bash' ? 'bash' : 'sh',
    stopsOnError: /(?:^|\s)-\w*e/.test(flags),
    pipefail: /pipefail/.test(flags),
  };
}

function* scriptsOf(pieces: readonly Piece[]): Iterable<Embedded> {
  for (const { embedded } of pieces) if (embedded) yield embedded;
}

/** The images of FROM and of COPY --from that are no stages. */
function* imagesIn(source: Source, file: Dockerfile): Iterable<Embedded> {
  const values = new Map<string, VariableValue>();
  for (const instruction of file.globals) {
    for (const { name: variable, value } of instruction.assignments ?? []) {
      if (!value) continue;
      const written = expandVariables(source.slice(value.range), (each) => values.get(each));
      const text = written.source.text.replace(/^(["'])(.*)\1$/, '$2');
      if (written.complete) values.set(variable.value, { value: text, isDefault: true });
    }
  }
  const lookup = (variable: string) =>
    predefined.test(variable) ? undefined : values.get(variable);
  const reference = (value: Value, use: 'base' | 'copy', stages: readonly Stage[]) => {
    const {
      source: text,
      complete,
      defaulted,
    } = expandVariables(source.slice(value.range), lookup);
    if (stageNamed(text.text, stages)) return undefined;
    return embed(image, text, { use, incomplete: !complete, defaulted }, value);
  };
  for (const stage of file.stages) {
    const earlier = file.stages.slice(0, stage.index);
    // A name put together from what is not known (`base-${TARGETARCH}`) may well be that of a stage.
    const open = stage.base?.value.includes('$') && file.stages.length > 1;
    const base = stage.base && reference(stage.base, 'base', earlier);
    if (base && !(open && stageLike(stage.base!.value, earlier))) yield base;
    for (const { instruction } of stage.instructions) {
      const from = instruction.flags.find((flag) => flag.name === 'from')?.value;
      if (instruction.keyword.value !== 'COPY' || !from) continue;
      const copied = reference(from, 'copy', file.stages);
      if (copied) yield copied;
    }
  }
}

/** Whether `base-${X}` could name one of the stages. */
function stageLike(written: string, stages: readonly Stage[]): boolean {
  if (written.length > 1000) return false;
  const pieces = written
    .split(/\$\{[^}]*\}|\$\w+/)
    .map((piece) => piece.replace(/[.*+?^()|[\]\\{}]/g, '\\$&'));
  const shape = new RegExp(`^${pieces.join('.*')}$`, 'i');
  return (
    pieces.some((piece) => piece !== '') &&
    stages.some((stage) => stage.alias && shape.test(stage.alias.value))
  );
}
