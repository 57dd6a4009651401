import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { shell } from '../../formats/shell';

export default defineRule({
  id: 'dockerfile/source-unpinned',
  on: shell,
  summary: 'An image is built from whatever a repository holds that day',
  why: 'The clone takes the newest commit, and the layer is cached besides: two builds of one Dockerfile hold different programs, and none can be built again.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ document, hosts, report }) {
    let builds = false;
    return {
      script(script) {
        builds =
          hosts[0]?.format === 'dockerfile' &&
          script.use === 'image-build' &&
          // A checkout may stand in this RUN or in a later one.
          !/\bgit\s+(?:-C\s+\S+\s+)?(?:checkout|reset|switch)\b/.test(document.source.file.text);
      },
      command(command) {
        if (!builds || command.name !== 'git' || command.operands[0]?.value !== 'clone') return;
        const repository = command.operands[1];
        if (!repository || !isElsewhere(repository.text)) return;
        const branch = command.option('-b', '--branch', '--revision');
        if (branch && !moving.test(branch.value ?? '')) return;
        report({
          at: { range: [command.word!.range[0], command.range[1]] },
          message: branch
            ? say`${nameOf(repository.text)} is built from branch ${branch.text}, which moves`
            : say`${nameOf(repository.text)} is built from the newest commit of the day`,
        });
      },
    };
  },
});

const moving = /^(?:main|master|develop|dev|devel|trunk|HEAD|latest|nightly)$/;

/** A repository by its address; a variable may hold anything. */
const isElsewhere = (text: string) =>
  /^["']?(?:https?:\/\/|git@|ssh:\/\/|git:\/\/)[^$_]*$/.test(text.replace(/_(?!_)/g, ''));

const nameOf = (text: string) =>
  text.replace(/["']|\.git(?=["']|$)|\/$/g, '').replace(/^.*[/:]/, '');
