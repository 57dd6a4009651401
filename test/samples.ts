import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readAnnotated, readBlocks } from './annotated';

const root = join(__dirname, '..');

/** A text to try things on. */
export interface Sample {
  readonly path: string;
  readonly text: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** The files of `examples/`, or of a folder in it; paths from there, with `/`. */
export function exampleFiles(below = ''): readonly Sample[] {
  const folder = join(root, 'examples', below);
  return filesBelow(folder).map((file) => ({
    path: relative(folder, file).split(sep).join('/'),
    text: readFileSync(file, 'utf8'),
  }));
}

const usualNames: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  groovy: 'Jenkinsfile',
  sh: 'script.sh',
  bash: 'script.bash',
  hcl: 'main.tf',
  terraform: 'main.tf',
  json: 'file.json',
};

/** Every snippet of every rule page, without its marks. */
export function pageSnippets(): readonly Sample[] {
  return filesBelow(join(root, 'src/rules'))
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => readBlocks(readFileSync(file, 'utf8')))
    .map((block) => ({
      path:
        block.words.find((word) => word.startsWith('path='))?.slice(5) ??
        usualNames[block.language] ??
        'file.yaml',
      text: readAnnotated(block.text).text,
    }));
}
