import assert from 'node:assert/strict';
import { repositoryOwners } from '../src/project/repository-owner';

const owners = (url: string) =>
  repositoryOwners(`[remote "origin"]\n\turl = ${url}\n`).map((fact) => fact.key);

describe('repository owner', () => {
  for (const [url, expected] of [
    ['https://github.com/Shop/web.git', ['shop']],
    ['https://user@github.com/shop/web', ['shop']],
    ['git@github.com:shop/web.git', ['shop']],
    ['ssh://git@git.example.com:2222/shop/web.git', ['shop']],
    ['work:shop/web', ['shop']],
    ['/srv/git/web.git', []],
    ['../web', []],
  ] as const) {
    it(url, () => assert.deepEqual(owners(url), expected));
  }
});
