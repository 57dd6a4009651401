import assert from 'node:assert/strict';
import { parseRemote } from '../src/pipeline/remote';
import { azureState } from '../src/pipeline/services/azure-pipelines';
import { bitbucketState, pipelineState } from '../src/pipeline/services/bitbucket';
import { cctrayState } from '../src/pipeline/services/cctray';
import { circleciState } from '../src/pipeline/services/circleci';
import { giteaState } from '../src/pipeline/services/gitea';
import { githubState } from '../src/pipeline/services/github';
import { gitlabState } from '../src/pipeline/services/gitlab';
import { jenkinsState, stageState } from '../src/pipeline/services/jenkins';

const readers = {
  'Azure Pipelines, status': (word: string) => azureState(word, null),
  'Azure Pipelines, result': (word: string) => azureState('completed', word),
  'Bitbucket, status': bitbucketState,
  'Bitbucket, pipeline': (word: string) => pipelineState({ name: word }),
  CCTray: (word: string) => cctrayState('Sleeping', word).last,
  CircleCI: circleciState,
  Gitea: giteaState,
  GitHub: (word: string) => githubState('completed', word),
  GitLab: gitlabState,
  'Jenkins, build': (word: string) => jenkinsState(word, false),
  'Jenkins, stage': stageState,
} as const;

describe('words no service has yet', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`${name}: are unknown and kept, those that every object has among them`, () => {
      for (const word of ['a word of tomorrow', 'constructor', 'toString', '__proto__']) {
        assert.deepEqual(read(word), { state: 'unknown', word });
      }
    });
  }

  it('a host called so is a host', () => {
    assert.equal(parseRemote('https://constructor/a/b.git')?.host, 'constructor');
  });
});
