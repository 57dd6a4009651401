import assert from 'node:assert/strict';
import type { Workbench } from '../workbench';
import { hoverWith, lightBulb, shoot, shop, windowOn } from './window';

describe('Korean', () => {
  let window: Workbench;
  before(async () => {
    window = await windowOn(shop, { locale: 'ko' });
    await window.openFile('scripts/fetch.sh');
    await window.until(async () => (await window.squiggles()).warning === 1, 'a squiggle');
  });
  after(() => window?.close());

  it('is what the view, the light bulb and the hover speak', async () => {
    await window.openContainer('Andon');
    const rows = await window.until(async () => {
      const all = await window.tree('검사 결과');
      return all.length > 6 ? all : undefined;
    }, 'the findings');
    assert.ok(
      rows.some(({ label }) => label === '실패 처리'),
      JSON.stringify(rows),
    );
    const hover = await hoverWith(window, [3, 2], /경고 · 실패 처리/);
    await shoot(window, 'korean-hover');
    assert.match(hover, /curl이 오류 페이지를 파일인 것처럼 저장합니다/);
    assert.match(hover, /서버가 404나 500으로 응답하면 curl이 오류 페이지를 저장합니다/);
    assert.match(hover, /-f가 없으면 curl은 404와 500에도 0으로 끝납니다/);
    await window.page.keyboard.press('Escape');
    await lightBulb(window, 3, 2);
    await shoot(window, 'korean');
    await window.page.keyboard.press('Escape');
    const titles = await window.quickFix(3, 2);
    assert.ok(titles.includes('-f 추가'), titles.join());
    assert.ok(titles.includes('이유를 적고 여기서 shell/curl-no-fail 허용…'), titles.join());
  });

  it('is what commands and settings speak', async () => {
    const titles = await window.commands('Andon: 작업 영역');
    assert.ok(titles.includes('Andon: 작업 영역 검사'), titles.join());
    await window.runCommand('Preferences: Open Settings (UI)');
    await window.page.locator('.settings-editor .settings-header').first().waitFor();
    await window.page.keyboard.type('@ext:andon.andon');
    await window.until(
      async () =>
        (await window.page.locator('.setting-item:has-text("코드형 인프라")').count()) > 0,
      'the settings',
    );
    await shoot(window, 'korean-settings');
  });
});
