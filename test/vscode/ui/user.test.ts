import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorkbench, type Workbench } from '../workbench';

const root = join(__dirname, '../../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
const vsix = join(root, `andon-${version}.vsix`);
const settings = { 'editor.minimap.enabled': false };
const viewport = { width: 1100, height: 680 };
/** For a person to look at; no test compares pictures. */
const shot = (vs: Workbench, name: string) => vs.screenshot(join(root, 'shots', `${name}.png`));

/** A copy of the example with the mistakes in it. */
function exampleFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-ui-'));
  cpSync(join(root, 'examples/before'), folder, { recursive: true });
  return folder;
}

describe('the packaged extension in VS Code', () => {
  let folder: string;
  let vs: Workbench;

  before(async () => {
    folder = exampleFolder();
    vs = await startWorkbench({ folder, vsix, settings, viewport });
  });
  after(async () => {
    await vs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws squiggles in a workflow', async () => {
    await vs.openFile('.github/workflows/ci.yml', 20);
    const drawn = await vs.until(async () => {
      const found = await vs.squiggles();
      return found.error > 0 && found.warning > 3 ? found : undefined;
    }, 'squiggles');
    assert.equal(drawn.error, 1);
    await shot(vs, 'squiggle');
  });

  it('lists the findings of files nobody has opened', async () => {
    const problems = await vs.until(async () => {
      const found = await vs.problems();
      return found.length > 30 ? found : undefined;
    }, 'the problems of the folder');
    const curl = problems.find((each) => each.code === 'shell/curl-no-fail');
    assert.equal(curl?.source, 'andon');
    assert.ok(problems.some((each) => each.code === 'terraform/never-converges'));
  });

  it('says why in the hover', async () => {
    await vs.openFile('scripts/setup-server.sh', 10);
    const text = await vs.hover(10, 2);
    assert.match(text, /curl stores the error page/);
    assert.match(text, /Without -f curl exits 0/);
    await shot(vs, 'hover');
  });

  it('repairs by quick fix', async () => {
    const titles = await vs.quickFix(10, 2, 'Add -f');
    assert.ok(
      titles.some((title) => title.startsWith('Allow shell/curl-no-fail here')),
      `${titles}`,
    );
    assert.ok(titles.includes('Explain shell/curl-no-fail'), `${titles}`);
    await vs.save();
    const saved = readFileSync(join(folder, 'scripts/setup-server.sh'), 'utf8');
    assert.match(saved, /^curl -fL https:/m);
  });

  it('shows the findings by concern, with a badge', async () => {
    const badge = await vs.openContainer('Andon');
    assert.ok(Number(badge) > 20, `badge ${badge}`);
    const rows = await vs.until(async () => {
      const found = await vs.tree('Findings');
      return found.length > 5 ? found : undefined;
    }, 'the Findings view');
    assert.equal(rows[0]?.label, 'Idempotency');
    await shot(vs, 'findings');
  });

  it('opens the page of a rule, offline', async () => {
    await vs.openFile('scripts/setup-server.sh', 7);
    await vs.quickFix(7, 2, 'Explain shell/append-not-idempotent');
    assert.match(await vs.webviewText(), /shell\/append-not-idempotent/);
    await shot(vs, 'rule');
  });
});
