// A browser that is trusted: the box at the second step, with and without JavaScript, and what is left of it afterwards.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, skip, startServer } from './harness.mjs';
import { MAC, PASSWORD, createUser, enterCode, giveApp, press, signIn, sql } from './people.mjs';

const ADA = 'ada@example.com';
const BOX = 'Trust this browser for 30 days';

const path = (page) => new URL(page.url()).pathname;

for (const js of [true, false]) {
  describe(`DV-5 a trusted browser with JavaScript ${js ? 'on' : 'off'}`, { skip }, () => {
    let server, browser, page, app, codes;
    before(async () => {
      server = await startServer();
      browser = await launchBrowser(server.origin);
      await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
      ({ app, codes } = await giveApp(server, ADA));
      await sql(server, 'UPDATE organizations SET trust_days = 30');
      page = await browser.newPage({ js, userAgent: MAC });
    });
    after(async () => {
      await page.close();
      await browser.close();
      await server.stop();
    });

    const box = () => page.getByLabel(BOX);
    const other = (name) => Promise.all([page.waitForNavigation(), page.getByRole('link', { name }).click()]);
    const signOut = async () => {
      await page.goto('/help');
      await press(page, 'Sign out');
    };

    test('VE-4 the tick is kept by another way and by a code that is refused', async () => {
      await signIn(page, ADA);
      assert.equal(path(page), '/login/verify');
      assert.equal(await box().isChecked(), false);
      await box().check();
      await enterCode(page, '12345');
      assert.equal(await box().isChecked(), true, 'refused');
      await other('Backup code');
      assert.equal(await box().count(), 0, 'by no backup code');
      await other('Authenticator app');
      assert.equal(await box().isChecked(), true, 'through a way without a box');
      if (js) {
        // Without a script a link cannot know what is ticked and not sent.
        await box().uncheck();
        await other('Backup code');
        await other('Authenticator app');
        assert.equal(await box().isChecked(), false);
        await box().check();
        await other('Backup code');
        await other('Authenticator app');
      }
      assert.equal(await box().isChecked(), true);
      assert.equal(await box().getAttribute('aria-describedby'), 'trust-hint');
      assert.match(await page.locator('#trust-hint').innerText(), /^Until then your password is enough/);
    });

    test('DV-5 from then on the password is enough, and a step-up still asks for the app', async () => {
      await enterCode(page, await app.code());
      assert.equal(path(page), '/security');
      assert.deepEqual(await page.locator('#trusted h3').allInnerTexts(), ['Chrome on macOS']);
      for (let i = 0; i < 2; i += 1) {
        await signOut();
        await signIn(page, ADA);
        assert.equal(path(page), '/security');
      }
      await sql(server, `
        UPDATE sessions SET password_at = strftime('%Y-%m-%d %H:%M:%f', password_at, '-11 minutes'),
          factor_at = strftime('%Y-%m-%d %H:%M:%f', factor_at, '-11 minutes')`);
      await page.goto('/security/app/remove');
      assert.equal(path(page), '/confirm');
      assert.equal(await page.getByLabel('Password', { exact: true }).count(), 0);
      assert.equal(await box().count(), 0);
    });

    test('DV-5 it is stopped by its button, and the second step is back', async () => {
      await page.goto('/security');
      const until = await page.locator('#trusted .meta').innerText();
      assert.match(until, /^Trusted until \d+ \w{3} \d{4}$/);
      await press(page, 'Stop trusting Chrome on macOS');
      assert.match(await page.getByRole('status').first().innerText(), /^Chrome on macOS is not trusted any more\./);
      assert.equal(await page.locator('#trusted .empty').innerText(), 'No trusted browsers. You are asked for a second step every time.');
      await signOut();
      await signIn(page, ADA);
      assert.equal(path(page), '/login/verify');
      await other('Backup code');
      await enterCode(page, codes[0]);
      assert.equal(path(page), '/security');
    });
  });
}
