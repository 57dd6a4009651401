import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorkbench, type Workbench } from '../workbench';

const root = join(__dirname, '../../..');

describe('the delivery map', () => {
  let folder: string;
  let vs: Workbench;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'andon-map-'));
    for (const part of ['.github', 'ansible', 'api', 'deploy', 'terraform', 'worker'])
      cpSync(join(root, 'examples/before', part), join(folder, part), { recursive: true });
    vs = await startWorkbench({ folder, extensionPath: root });
  });
  after(async () => {
    await vs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the extension wrote stands in a frame of a frame (see `webviewText`). */
  const picture = () =>
    vs.page
      .locator('iframe.webview:visible')
      .first()
      .contentFrame()
      .locator('iframe')
      .first()
      .contentFrame();
  const box = (title: string) => picture().locator(`.box:has(.title:text-is("${title}"))`).first();
  /** Texts and edges of what a selector finds in the picture, in pixels. */
  const drawn = (selector: string) =>
    picture()
      .locator(selector)
      .evaluateAll(
        (elements) =>
          elements.map((each) => {
            const { top, bottom } = each.getBoundingClientRect();
            const text = (each.querySelector('.title') ?? each).textContent as string;
            return { text, top: top as number, bottom: bottom as number };
          }),
        undefined,
      );
  const focused = async () => (await drawn('.box:focus'))[0]?.text;

  it('draws pipelines and where they lead, and apart from them what nothing leads to', async () => {
    await vs.openFile('ansible/site.yml');
    // Once there are findings the extension is up and has read the folder.
    await vs.until(async () => (await vs.problems()).length > 10, 'the problems of the folder');
    await vs.runCommand('Andon: Show Delivery Map');
    await box('terraform').waitFor();
    await box('ansible/site.yml').waitFor();
    await box('registry.example.com/shop/worker').waitFor();
    const [heading, ...more] = await drawn('.heading');
    assert.ok(heading);
    assert.deepEqual(more, []);
    assert.equal(heading.text, 'no pipeline leads here');
    const boxes = await drawn('.box');
    const below = boxes.filter(({ top }) => top > heading.bottom).map(({ text }) => text);
    // The module runs an image that a pipeline builds, so it stands beside that.
    assert.deepEqual(below, [
      'ansible/site.yml',
      'api/Dockerfile',
      'deploy/overlays/production/kustom…',
    ]);
    for (const { text, bottom } of boxes)
      assert.ok(below.includes(text) || bottom < heading.top, `${text} stands above`);
  });

  it('is walked with the keyboard, and opens the file of a box', async () => {
    await box('Worker').focus();
    await vs.page.keyboard.press('ArrowRight');
    assert.match(`${await focused()}`, /^(?:test|image|web|deploy)$/);
    await vs.page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), 'Worker');
    await box('ansible/site.yml').focus();
    for (let step = 0; step < 2; step++) await vs.page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'deploy/overlays/production/kustom…');
    await box('terraform').focus();
    const [status] = await drawn('#status');
    assert.match(`${status?.text}`, /module terraform; .*no pipeline leads here/);
    await vs.page.keyboard.press('Enter');
    await vs.page.locator('.tab.active[data-resource-name="main.tf"]').waitFor();
  });
});
