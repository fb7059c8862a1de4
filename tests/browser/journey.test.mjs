// One person from the first link on: with and without JavaScript, in one browser and in two, and what the pages, the API
// and the command line say about them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser, skip, startServer } from './harness.mjs';
import { MAC, PASSWORD, PHONE, WINDOWS, api, createUser, fillWelcome, press, signIn, sql } from './people.mjs';

const ADA = 'ada@example.com';
const NEW_PASSWORD = 'eleven slow herons wade';
const flash = (page) => page.getByRole('status').first().innerText();
const heading = (page) => page.locator('h1').innerText();

for (const js of [true, false]) {
  describe(`N-1 the journey with JavaScript ${js ? 'on' : 'off'}`, { skip }, () => {
    let server, browser, page;
    before(async () => {
      server = await startServer();
      browser = await launchBrowser(server.origin);
      page = await browser.newPage({ js, userAgent: MAC });
    });
    after(async () => {
      await page.close();
      await browser.close();
      await server.stop();
    });

    test('a new server says how to begin', async () => {
      await page.goto('/');
      assert.equal(await heading(page), 'Set up Countersign');
    });

    test('the first link makes an organization and its owner, who is signed in', async () => {
      await page.goto(server.welcomeLink);
      await fillWelcome(page, { organization: 'Northwind', first: 'Ada', last: 'Byron', email: ADA, password: PASSWORD });
      const response = await press(page, 'Create organization');
      assert.equal(response.status(), 200);
      assert.equal(new URL(page.url()).pathname, '/security');
      assert.equal(await flash(page), 'Northwind is ready and you are its owner.');
      assert.equal(await page.getByRole('navigation', { name: 'Account' }).locator('.who').innerText(), ADA);
    });

    test('FR-6 a reload repeats nothing, the line of news included', async () => {
      await page.reload();
      assert.equal(await heading(page), 'Security');
      assert.equal(await page.getByRole('status').count(), 0);
      const { stdout } = await server.cli(['user', 'list', '--json']);
      assert.equal(stdout.split(ADA).length - 1, 1);
    });

    test('ST-4 the status says that a password is all there is', async () => {
      assert.equal(await page.locator('.page-head .badge').innerText(), 'Off');
      assert.equal(await page.locator('.page-head .lead').innerText(), 'Your account is protected by a password only.');
    });

    test('the first link is spent', async () => {
      const stranger = await browser.newPage({ js });
      const response = await stranger.goto(server.welcomeLink);
      assert.equal(response.status(), 410);
      assert.equal(await heading(stranger), 'This link no longer works');
      await stranger.close();
    });

    test('FR-8 signing out', async () => {
      await press(page, 'Sign out');
      assert.equal(new URL(page.url()).pathname, '/login');
      assert.equal(await flash(page), 'You have signed out.');
      await page.goto('/security');
      assert.equal(await heading(page), 'Sign in');
    });

    test('a wrong password is refused, and the address stays', async () => {
      const response = await signIn(page, ADA, 'not the password of anybody');
      assert.equal(response.status(), 400);
      assert.equal(await page.getByLabel('Email address').inputValue(), ADA);
      assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
    });

    test('the right one leads to the page that was asked for', async () => {
      await page.goto('/security/activity');
      assert.equal(await heading(page), 'Sign in');
      await page.getByLabel('Email address').fill(ADA);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await press(page, 'Sign in');
      assert.equal(new URL(page.url()).pathname, '/security/activity');
      const rows = await page.locator('tbody th').allInnerTexts();
      assert.deepEqual(rows.slice(0, 3), ['Signed in with password', 'Sign-in failed: wrong password', 'Signed out']);
    });

    test('/ and /login lead somebody who is signed in to /security', async () => {
      for (const path of ['/', '/login']) {
        await page.goto(path);
        assert.equal(new URL(page.url()).pathname, '/security');
      }
    });

    test('changing the password needs the current one', async () => {
      await page.goto('/security/password');
      await page.getByLabel('Current password').fill('not the password of anybody');
      await page.getByLabel('New password').fill(NEW_PASSWORD);
      const response = await press(page, 'Change password');
      assert.equal(response.status(), 400);
      assert.match(await page.getByRole('alert').innerText(), /That is not your current password/);
    });

    test('DV-4 changing the password keeps this device and signs out the others', async () => {
      const other = await browser.newPage({ js, userAgent: WINDOWS });
      await signIn(other, ADA);
      await page.goto('/security/password');
      assert.match(await page.locator('.consequence').innerText(), /All other devices are signed out/);
      await page.getByLabel('Current password').fill(PASSWORD);
      await page.getByLabel('New password').fill(NEW_PASSWORD);
      await press(page, 'Change password');
      assert.equal(await flash(page), 'Password changed. All other devices are signed out.');
      await other.reload();
      assert.equal(await heading(other), 'Sign in');
      await other.close();
    });

    test('DV-1 DV-3 another device is listed after this one, and signed out at its next request', async () => {
      const phone = await browser.newPage({ js, userAgent: PHONE });
      await signIn(phone, ADA, NEW_PASSWORD);
      await page.goto('/security');
      const devices = page.locator('#devices li');
      assert.deepEqual(await devices.locator('h3').allTextContents(), ['Chrome on macOS This device', 'Safari on iOS']);
      assert.equal(await devices.first().getByRole('button').count(), 0);
      await press(page, 'Sign out Safari on iOS');
      assert.equal(await flash(page), 'Safari on iOS is signed out.');
      assert.equal(await devices.count(), 1);

      await phone.goto('/security/activity');
      assert.equal(await heading(phone), 'Sign in');
      assert.equal(await phone.locator('.notice').innerText(), 'Your session ended. Sign in again to continue.');
      await phone.getByLabel('Email address').fill(ADA);
      await phone.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
      await press(phone, 'Sign in');
      assert.equal(new URL(phone.url()).pathname, '/security/activity');
      await phone.close();
    });

    test('all other devices, after a page that names how many', async () => {
      await page.goto('/security');
      await page.getByRole('link', { name: 'Sign out all other devices' }).click();
      assert.equal(await heading(page), 'Sign out 1 other device?');
      await page.getByRole('link', { name: 'Keep them' }).click();
      assert.equal(await page.locator('#devices li').count(), 2);
      await page.getByRole('link', { name: 'Sign out all other devices' }).click();
      await press(page, 'Sign out other devices');
      assert.equal(await flash(page), '1 other device is signed out.');
      assert.equal(await page.getByRole('link', { name: 'Sign out all other devices' }).count(), 0);
    });

    test('a link from the command line chooses a password, once', async () => {
      const link = await createUser(server, 'grace@example.com', { first: 'Grace', last: 'Hopper', organization: 'Northwind' });
      const grace = await browser.newPage({ js, userAgent: WINDOWS });
      await grace.goto(link);
      await grace.reload(); // looking uses nothing up
      assert.match(await grace.locator('.lead').innerText(), /grace@example\.com/);
      await grace.getByLabel('New password').fill('grace@example.com');
      assert.equal((await press(grace, 'Save password')).status(), 400);
      assert.match(await grace.getByRole('alert').innerText(), /name or address/);
      await grace.getByLabel('New password').fill(PASSWORD);
      await press(grace, 'Save password');
      assert.equal(new URL(grace.url()).pathname, '/login');
      assert.equal(await flash(grace), 'Your password is set. Sign in with it now.');
      await signIn(grace, 'grace@example.com');
      assert.equal(await heading(grace), 'Security');

      assert.equal((await grace.goto(link)).status(), 410);
      assert.equal(await heading(grace), 'This link no longer works');
      await grace.close();
    });

    test('the page, the API and the command line tell one status', async () => {
      await page.goto('/security');
      const { live, stale, staleAction, ...data } = await page.locator('main').evaluate((main) => ({ ...main.dataset }));
      const { body: login } = await api(server, 'POST', '/user/login', { body: { email: ADA, password: NEW_PASSWORD } });
      const { body: answer } = await api(server, 'GET', '/mfa/status', { token: login.accessToken });
      const { sessionVerified, ...fromApi } = answer.data;
      const { stdout } = await server.cli(['mfa', 'status', ADA, '--json']);
      assert.deepEqual(JSON.parse(stdout), fromApi);
      assert.deepEqual(data, {
        isEnabled: String(fromApi.isEnabled),
        isRequired: String(fromApi.isRequired),
        isEnforced: String(fromApi.isEnforced),
        enabledMethods: fromApi.enabledMethods.join(' '),
        sessionVerified: String(sessionVerified),
      });
    });

    test('nothing is left of a link that was never issued', async () => {
      for (const path of ['/welcome/cs_ln_never', '/password/cs_ln_never']) {
        assert.equal((await page.goto(path)).status(), 410);
      }
    });
  });
}

describe('the step-up', { skip }, () => {
  let server, browser, page;
  before(async () => {
    server = await startServer();
    browser = await launchBrowser(server.origin);
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    for (const userAgent of [PHONE, WINDOWS]) {
      const other = await browser.newPage({ userAgent });
      await signIn(other, ADA);
      await other.close();
    }
    page = await browser.newPage({ js: false, userAgent: MAC });
    await signIn(page, ADA);
  });
  after(async () => {
    await page.close();
    await browser.close();
    await server.stop();
  });

  // The proof lasts ten minutes, and the clock of a real server cannot be moved.
  const passTime = () => sql(server, "UPDATE sessions SET password_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-11 minutes')");
  const confirm = async (password) => {
    await page.getByLabel('Password', { exact: true }).fill(password);
    return press(page, 'Confirm with password');
  };

  test('SU-1 a fresh proof is not asked for again', async () => {
    await page.goto('/security/devices');
    assert.equal(await heading(page), 'Sign out 2 other devices?');
  });

  test('SU-2 a page is asked for, the password is asked first, and then comes that page', async () => {
    await passTime();
    await page.goto('/security/devices');
    assert.equal(await heading(page), "Confirm it's you");
    assert.equal(await page.locator('.lead').innerText(), "You're about to sign out your other devices.");
    assert.equal((await confirm('not the password of anybody')).status(), 400);
    assert.equal(await page.locator('.lead').innerText(), "You're about to sign out your other devices.");
    await confirm(PASSWORD);
    assert.equal(await heading(page), 'Sign out 2 other devices?');
    assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
  });

  test('SU-2 SU-3 SE-4 one device is to be signed out: it is named again, and the person presses the button', async () => {
    await page.goto('/security');
    await passTime();
    await press(page, 'Sign out Safari on iOS');
    assert.equal(await page.locator('.lead').innerText(), "You're about to sign out a device.");
    await confirm(PASSWORD);
    assert.equal(await heading(page), 'Sign out Safari on iOS?');
    await page.getByRole('link', { name: 'Keep it' }).click();
    assert.equal(await page.locator('#devices li').count(), 3, 'nothing that was posted is repeated');

    await passTime();
    await press(page, 'Sign out Safari on iOS');
    await confirm(PASSWORD);
    await press(page, 'Sign out device');
    assert.equal(await flash(page), 'Safari on iOS is signed out.');
    assert.deepEqual(await page.locator('#devices h3').allTextContents(), ['Chrome on macOS This device', 'Firefox on Windows']);
  });

  test('a device that is gone by then leads back to the list', async () => {
    await page.goto('/security/devices?session=gone');
    assert.equal(new URL(page.url()).pathname, '/security');
  });

  test('the way back', async () => {
    await page.goto('/confirm?next=/security/devices');
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(new URL(page.url()).pathname, '/security');
  });
});

describe('A-9 a session that ran out', { skip }, () => {
  test('the page says so, and signing in leads back', async () => {
    const settings = { COUNTERSIGN_SESSION_IDLE: '2s' };
    const server = await startServer({ settings });
    const browser = await launchBrowser(server.origin);
    await createUser(server, ADA, { password: PASSWORD });
    const page = await browser.newPage();
    await signIn(page, ADA);
    await sleep(2500);
    await page.goto('/security/password');
    assert.equal(await page.locator('.notice').innerText(), 'Your session ended. Sign in again to continue.');
    await page.getByLabel('Email address').fill(ADA);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press(page, 'Sign in');
    assert.equal(new URL(page.url()).pathname, '/security/password');
    await page.close();
    await browser.close();
    await server.stop();
  });
});
