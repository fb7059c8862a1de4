// Passkeys at the door: one person's whole life with them, signing in, the second step, the step-up and the gate. How they
// are kept, and what browsers and passkey managers say and are told, stands in passkey_kit.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addPasskey, authenticators, firstPasskey, neverOffer, noPasskeys, recordCalls, rows, storedIds, watchOptions,
} from './authenticators.mjs';
import { axe, launchBrowser, skip, startServer } from './harness.mjs';
import { MAC, PASSWORD, WINDOWS, api, createUser, enterCode, giveApp, press, signIn, sql } from './people.mjs';

const ADA = 'ada@example.com';
const SIGN_IN = 'Sign in with a passkey';
const UNKNOWN = 'This passkey is no longer registered here. Sign in another way, then add a new one.';
const REFUSED = 'That passkey could not be checked. Try again or use your password.';

const flash = (page) => page.getByRole('status').first().innerText();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
const badge = (page) => page.locator('.page-head .badge').innerText();
const sentence = (page) => page.locator('.page-head .lead').innerText();
const lead = (page) => page.locator('main p.lead:visible').allInnerTexts();
const others = (page) => page.locator('.others a').allInnerTexts();
const ofUser = (email) => `user_id = (SELECT id FROM users WHERE email = '${email}')`;

/** The form was refused with this, and nothing else. */
async function refused(page, response, problem, status = 400) {
  assert.equal(response.status(), status);
  assert.match(await page.title(), /^Error: /);
  assert.deepEqual(await page.getByRole('alert').getByRole('listitem').allInnerTexts(), [problem]);
  assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
}

/** The clock of a real server cannot be moved, so every proof is made older. */
const passTime = (server) => sql(server, `
  UPDATE totp_secrets SET last_step = last_step - 10;
  UPDATE sessions SET password_at = strftime('%Y-%m-%d %H:%M:%f', password_at, '-11 minutes'),
    factor_at = strftime('%Y-%m-%d %H:%M:%f', factor_at, '-11 minutes')`);

/** Waits until a silent question to the browser hangs. */
const offered = (page) => page.waitForFunction(() => globalThis.calls.includes('conditional'));

// One server for all of them; each has people of its own there.
let server, browser;
before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await launchBrowser(server.origin);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

describe('the life of a passkey', { skip }, () => {
  let page, other, found, manager;
  before(async () => {
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC });
    other = await browser.newPage({ userAgent: WINDOWS });
    found = await authenticators(page);
    await signIn(other, ADA);
    await signIn(page, ADA);
  });
  after(async () => {
    await page.close();
    await other.close();
  });

  /** The page, the API and the command line tell one status, and it is this one; and so do the passkeys. */
  async function status(expected) {
    await page.goto('/security');
    const { sessionVerified, live, stale, staleAction, signalAll, signalUser, ...data } = await page.locator('main').evaluate((main) => ({ ...main.dataset }));
    assert.equal(sessionVerified, 'true');
    const { body: login } = await api(server, 'POST', '/user/login', { body: { email: ADA, password: PASSWORD } });
    const { body: answer } = await api(server, 'GET', '/mfa/status', { token: login.accessToken });
    const { sessionVerified: _, ...fromApi } = answer.data;
    const { stdout } = await server.cli(['mfa', 'status', ADA, '--json']);
    assert.deepEqual(JSON.parse(stdout), fromApi);
    const left = fromApi.backupCodesLeft;
    assert.deepEqual(data, {
      isEnabled: String(fromApi.isEnabled),
      isRequired: String(fromApi.isRequired),
      isEnforced: String(fromApi.isEnforced),
      enabledMethods: fromApi.enabledMethods.join(' '),
      ...(fromApi.primaryMethod && { primaryMethod: fromApi.primaryMethod }),
      ...(left !== undefined && left !== null && { backupCodesLeft: String(left) }),
    });
    for (const [name, value] of Object.entries(expected.facts)) assert.deepEqual(fromApi[name], value, name);
    assert.equal(await badge(page), expected.badge);
    assert.equal(await sentence(page), expected.sentence);
    const shown = await page.locator('#passkeys li h3').allInnerTexts();
    assert.deepEqual(shown.map((name) => name.replace('\n', ', ')), expected.passkeys);
  }
  const ON = { isEnabled: true, enabledMethods: ['PASSKEY'], primaryMethod: 'PASSKEY' };
  const AFTER_PASSWORD = "You confirm it's you with a passkey after your password.";

  test('ST-4 nothing is set up, and a passkey is the first thing that is recommended', async () => {
    await status({
      badge: 'Off',
      sentence: 'Your account is protected by a password only.',
      facts: { isEnabled: false, enabledMethods: [] },
      passkeys: [],
    });
    assert.match(await page.locator('main section').first().innerText(), /^Passkeys\s+Recommended\s+No passkeys yet\. A passkey lets you sign in with your fingerprint, face or device PIN\. It can't be guessed or typed into a fake site\.\s+Add passkey$/);
  });

  test('PK-7 A-7 the first passkey: announced, made, named, then backup codes; other devices are signed out', async () => {
    manager = await found.add('internal');
    await page.getByRole('link', { name: 'Add passkey' }).click();
    assert.equal(await heading(page), 'Add a passkey');
    const consequence = 'This turns multi-factor authentication on. All other devices are signed out; this one stays signed in.';
    assert.equal(await page.locator('.consequence').innerText(), consequence);
    await press(page, 'Add passkey');
    assert.match(path(page), /^\/security\/passkeys\/[0-9a-f-]+\/name$/);
    assert.equal(await heading(page), 'Name your passkey');
    assert.equal(await flash(page), 'Your passkey works. Multi-factor authentication is on and all other devices are signed out.');
    const name = page.getByLabel('Name', { exact: true });
    assert.equal(await name.inputValue(), 'Chrome on macOS');
    await name.fill('Work laptop');
    await press(page, 'Save name');
    assert.equal(path(page), '/security/codes');
    assert.equal(await flash(page), 'Passkey saved as Work laptop.');
    assert.equal(await page.locator('.codes li').count(), 10);
    await press(page, "I've saved my codes");
    await other.goto('/security');
    assert.equal(await heading(other), 'Sign in');
    await status({ badge: 'On', sentence: AFTER_PASSWORD, facts: { ...ON, backupCodesLeft: 10 }, passkeys: ['Work laptop'] });
    assert.deepEqual(await manager.ids(), await storedIds(server, ADA));
  });

  test('SI-5 it signs in by autofill: nothing is typed, nothing is pressed, nothing more is asked', async () => {
    await press(page, 'Sign out');
    await page.waitForURL('**/security');
    assert.equal(await heading(page), 'Security');
    assert.match(await page.locator('#devices li').first().innerText(), /This device\s+Signed in .* with passkey\n/);
    assert.equal(await page.locator('#activity tbody th').first().innerText(), 'Signed in with passkey "Work laptop"');
    await status({ badge: 'On', sentence: AFTER_PASSWORD, facts: ON, passkeys: ['Work laptop'] });
  });

  test('a security key is one more', async () => {
    const key = await found.add('usb');
    assert.equal(await addPasskey(page, 'Add a security key'), 'Security key');
    assert.equal(await flash(page), 'Your passkey works. You can sign in with it from now on.');
    await page.getByRole('link', { name: 'Keep this name' }).click();
    assert.equal(page.url(), `${server.origin}/security#passkeys`);
    await status({ badge: 'On', sentence: AFTER_PASSWORD, facts: ON, passkeys: ['Work laptop', 'Security key, This device only'] });
    assert.deepEqual([...(await manager.ids()), ...(await key.ids())], await storedIds(server, ADA));
  });

  test('renaming', async () => {
    const card = page.locator('#passkeys li', { hasText: 'Security key' });
    await card.getByText('Rename').click();
    await card.getByLabel('Name').fill('Blue key');
    await press(page, card.getByRole('button', { name: 'Save name' }));
    assert.equal(path(page), '/security');
    assert.equal(await flash(page), 'Passkey saved as Blue key.');
    assert.equal(await page.locator('#activity tbody th').first().innerText(), 'Passkey renamed to "Blue key"');
    await status({ badge: 'On', sentence: AFTER_PASSWORD, facts: ON, passkeys: ['Work laptop', 'Blue key, This device only'] });
  });

  test('PK-12 removing one', async () => {
    await page.locator('#passkeys').getByRole('link', { name: 'Remove Blue key' }).click();
    assert.equal(await heading(page), 'Remove "Blue key"?');
    await press(page, 'Remove passkey');
    assert.equal(path(page), '/security');
    assert.equal(await flash(page), 'Passkey "Blue key" removed. All other devices are signed out.');
    await status({ badge: 'On', sentence: AFTER_PASSWORD, facts: ON, passkeys: ['Work laptop'] });
    assert.deepEqual(await manager.ids(), await storedIds(server, ADA), 'the other one stays');
  });

  test('PK-10 SG-1 removing the last one turns it all off, and the passkey manager forgets it', async () => {
    const [id] = await manager.ids();
    await page.locator('#passkeys').getByRole('link', { name: 'Remove Work laptop' }).click();
    assert.equal(await heading(page), 'Turn off multi-factor authentication?');
    await press(page, 'Remove and turn off MFA');
    assert.equal(await flash(page), 'Passkey "Work laptop" removed. Multi-factor authentication is off and all other devices are signed out.');
    await status({
      badge: 'Off',
      sentence: 'Your account is protected by a password only.',
      facts: { isEnabled: false, enabledMethods: [] },
      passkeys: [],
    });
    assert.deepEqual(await manager.ids(), []);
    assert(found.deleted.includes(id));
    await signIn(other, ADA);
    assert.equal(path(other), '/security', 'the password is enough');
  });
});

describe('signing in with a passkey', { skip }, () => {
  const BEA = 'bea@example.com';
  let page, found, manager;
  before(async () => {
    await createUser(server, BEA, { password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC });
    await page.addInitScript(recordCalls);
    found = await authenticators(page);
    manager = await found.add('internal');
    await firstPasskey(page, BEA);
    await signOut();
  });
  after(async () => {
    await page.close();
  });

  /** Ends at the sign-in page, where nobody touches anything. */
  async function signOut(to = '/login') {
    await manager.touch(false);
    await page.context().clearCookies();
    await page.goto(to);
    await offered(page);
  }

  test('SI-1 SI-2 A-10 the address field takes a passkey too, and the button shows only where script runs', async () => {
    const email = page.getByLabel('Email address');
    assert.equal(await email.getAttribute('autocomplete'), 'username webauthn');
    assert.equal(await page.getByLabel('Password', { exact: true }).getAttribute('autocomplete'), 'current-password');
    assert(await page.getByRole('button', { name: SIGN_IN }).isVisible());
    assert.equal(await page.getByText('Passkeys need JavaScript').count(), 0);

    const form = page.locator('form[action="/login/passkey"]');
    assert.equal(await form.evaluate((one) => one.hidden), false);
    const html = await (await fetch(`${server.origin}/login`)).text();
    assert.match(html, /<form class="passkey" method="post" action="\/login\/passkey"[^>]* hidden>/);

    const scriptless = await browser.newPage({ js: false });
    await scriptless.goto('/login');
    assert.equal(await scriptless.getByRole('button', { name: SIGN_IN }).count(), 0);
    assert.deepEqual(await scriptless.locator('main button:visible').allInnerTexts(), ['Sign in']);
    assert(await scriptless.getByText('Passkeys need JavaScript. You can sign in with your password.', { exact: true }).isVisible());
    await scriptless.close();
  });

  test('SI-2 a browser without passkeys has no button that does nothing', async () => {
    const old = await browser.newPage();
    await old.addInitScript(noPasskeys);
    await signIn(old, BEA, 'not the password of anybody');
    assert.deepEqual(await old.locator('main button:visible').allInnerTexts(), ['Show password', 'Sign in']);
    await old.close();
  });

  test('SI-5 JS-1 JS-3 the button signs in while the silent question waits, and asks for it to end first', async () => {
    const asked = await watchOptions(page, '**/login/passkey/options');
    await manager.touch(true);
    await press(page, SIGN_IN);
    assert.equal(path(page), '/security');
    const [{ challenge, ...rest }] = asked;
    assert.equal(Buffer.from(challenge, 'base64url').length, 32);
    assert.deepEqual(rest, { timeout: 300_000, rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
    await signOut();
    // The same, stopped before it leaves the page.
    await page.evaluate(() => document.querySelector('form[data-passkey]').addEventListener('submit', (event) => event.preventDefault()));
    await manager.touch(true);
    await page.getByRole('button', { name: SIGN_IN }).click();
    await page.waitForFunction(() => document.querySelector('[name=credential]').value !== '');
    assert.deepEqual(await page.evaluate(() => [globalThis.calls, globalThis.failures, globalThis.most]), [['conditional', 'get'], ['AbortError'], 1]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('SI-7 the page that was asked for follows, by the button and by autofill', async () => {
    const wanted = '/security/activity?page=1';
    for (const way of ['button', 'autofill']) {
      await signOut(wanted);
      assert.equal(path(page), '/login');
      await manager.touch(true);
      await (way === 'button' ? press(page, SIGN_IN) : Promise.all([page.waitForURL(`**${wanted}`), page.reload()]));
      assert.equal(page.url(), server.origin + wanted, way);
    }
    await signOut('/login?return_to=//example.com/');
    await manager.touch(true);
    await press(page, SIGN_IN);
    assert.equal(page.url(), `${server.origin}/security`);
  });

  test('the password leads to the second step as before', async () => {
    await signOut();
    await signIn(page, BEA);
    assert.equal(path(page), '/login/verify');
    await press(page, 'Use another account');
  });

  test('A-5 the button works from the keyboard', async () => {
    await signOut();
    await manager.touch(true);
    await page.getByRole('button', { name: SIGN_IN }).focus();
    await Promise.all([page.waitForURL('**/security'), page.keyboard.press('Space')]);
    assert.equal(await heading(page), 'Security');
  });

  test('a page out of the history asks anew', async () => {
    await signOut();
    await page.goto('/help');
    await manager.touch(true);
    await Promise.all([page.waitForURL('**/security'), page.goBack()]);
    assert.equal(await heading(page), 'Security');
  });

  describe('answers that are refused', () => {
    const CLEO = 'cleo@example.com';
    let one, devices, device;
    before(async () => {
      // A page that offers nothing by itself: an answer that is refused would be given again and again.
      one = await browser.newPage({ userAgent: MAC });
      await one.addInitScript(neverOffer);
      devices = await authenticators(one);
      device = await devices.add('internal');
      await createUser(server, CLEO, { password: PASSWORD });
      await firstPasskey(one, CLEO);
      await press(one, 'Sign out');
    });
    after(() => one.close());

    test('4.3 SG-3 one that cannot be checked: its passkey is kept', async () => {
      const before = await device.ids();
      for (const bits of [{ isBogusSignature: true }, { isBadUV: true }]) {
        await device.spoil(bits);
        await refused(one, await press(one, SIGN_IN), REFUSED);
        assert.equal(path(one), '/login/passkey');
        assert.equal(await one.locator('main').getAttribute('data-signal-unknown'), null);
      }
      assert.deepEqual(await axe(one), []);
      await device.spoil({});
      assert.deepEqual(await device.ids(), before);
      assert.deepEqual(devices.deleted, []);
      await press(one, SIGN_IN);
      assert.equal(path(one), '/security', 'a good answer is still one');
    });

    test('SG-3 one of an account whose second factors are off', async () => {
      const before = await device.ids();
      await one.getByRole('link', { name: 'Turn off' }).click();
      await press(one, 'Turn off');
      await press(one, 'Sign out');
      await refused(one, await press(one, SIGN_IN), REFUSED);
      assert.deepEqual(await device.ids(), before);
    });

    test('3.1 SG-2 one that nobody here knows: said so, and its manager forgets it', async () => {
      const [id] = await device.ids();
      await sql(server, `DELETE FROM passkeys WHERE ${ofUser(CLEO)}`);
      await refused(one, await press(one, SIGN_IN), UNKNOWN);
      const signal = JSON.parse(await one.locator('main').getAttribute('data-signal-unknown'));
      assert.deepEqual(signal, { rpId: 'localhost', credentialId: id });
      assert.match(signal.credentialId, /^[\w-]+$/);
      assert.deepEqual(await axe(one), []);
      assert.deepEqual(await device.ids(), []);
      assert.deepEqual(devices.deleted, [id]);
    });
  });

  test('3.1 by autofill, one that nobody here knows is offered no more', async () => {
    await signOut();
    await sql(server, `DELETE FROM passkeys WHERE ${ofUser(BEA)}`);
    const sent = [];
    page.on('request', (request) => request.url().endsWith('/login/passkey') && sent.push(request));
    await manager.touch(true);
    await Promise.all([page.waitForURL('**/login/passkey'), page.reload()]);
    assert.deepEqual(await page.getByRole('alert').getByRole('listitem').allInnerTexts(), [UNKNOWN]);
    await page.waitForFunction(() => globalThis.calls.length > 0);
    assert.deepEqual(await manager.ids(), []);
    await sleep(300);
    assert.equal(sent.length, 1, 'nothing is sent again');
    assert.equal(path(page), '/login/passkey');
  });
});

describe('the second step with a passkey', { skip }, () => {
  const GRACE = 'grace@example.com';
  const DORA = 'dora@example.com';
  const REFUSED_HERE = 'That passkey could not be checked. Try again, or choose another way below.';
  const names = 'Use a passkey you saved: Chrome on macOS or Security key.';
  let page, found, manager, app, codes;
  before(async () => {
    await createUser(server, GRACE, { first: 'Grace', last: 'Hopper', password: PASSWORD });
    await createUser(server, DORA, { password: PASSWORD });
    ({ app, codes } = await giveApp(server, GRACE));
    page = await browser.newPage({ userAgent: MAC });
    await page.addInitScript(recordCalls);
    found = await authenticators(page);
    manager = await found.add('internal');
    await signIn(page, GRACE);
    await enterCode(page, await app.code());
    await addPasskey(page);
    const key = await found.add('usb');
    await addPasskey(page, 'Add a security key');
    await key.remove();
    await sql(server, `UPDATE users SET primary_method = 'passkey' WHERE email = '${GRACE}'`);
  });
  after(async () => {
    await page.close();
  });

  const wait = () => {
    app.last = 0;
    return sql(server, 'UPDATE totp_secrets SET last_step = last_step - 10');
  };
  const attempts = () => rows(server, `SELECT wrong FROM mfa_attempts WHERE ${ofUser(GRACE)}`);

  /** Signs in with the password, on a page where nobody touches anything until then. */
  async function toSecondStep(to = '/security') {
    await manager.touch(false);
    await page.context().clearCookies();
    await page.goto(to);
    await page.getByLabel('Email address').fill(GRACE);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press(page, 'Sign in');
    assert.equal(path(page), '/login/verify');
  }

  test('VE-2 JS-3 the panel names them, asks for these and no others, and only when it is told to', async () => {
    await toSecondStep();
    await manager.touch(true);
    await page.reload({ waitUntil: 'networkidle' });
    assert.equal(path(page), '/login/verify');
    assert.deepEqual(await page.evaluate(() => globalThis.calls), [], 'nothing starts by itself');
    assert.equal(await heading(page), "Confirm it's you");
    assert.deepEqual(await lead(page), [names]);
    assert.equal(await page.locator('[data-signal-all], [data-signal-user], [data-signal-unknown]').count(), 0, 'SG-4');
    assert.deepEqual(await axe(page), []);
    const asked = await watchOptions(page, '**/login/verify/options');
    await press(page, 'Use passkey');
    assert.equal(path(page), '/security');
    const [{ challenge, ...rest }] = asked;
    assert.equal(Buffer.from(challenge, 'base64url').length, 32);
    const [first, second] = await storedIds(server, GRACE);
    assert.deepEqual(rest, {
      timeout: 300_000,
      rpId: 'localhost',
      allowCredentials: [
        { type: 'public-key', id: first, transports: ['internal'] },
        { type: 'public-key', id: second, transports: ['usb'] },
      ],
      userVerification: 'required',
    });
    assert.match(await page.locator('#devices li').first().innerText(), /with password and passkey\n/);
    assert.equal(await page.locator('#activity tbody th').first().innerText(), 'Signed in with passkey "Chrome on macOS"');
  });

  test('VE-3 VE-4 SI-7 the other ways in their order; switching keeps where it was going', async () => {
    await toSecondStep('/security/activity?page=1');
    assert.deepEqual(await others(page), ['Authenticator app', 'Backup code']);
    await page.getByRole('link', { name: 'Authenticator app' }).click();
    assert(await page.getByLabel('Code from your authenticator app').isVisible());
    assert.deepEqual(await others(page), ['Passkey', 'Backup code']);
    await page.getByRole('link', { name: 'Backup code' }).click();
    assert.deepEqual(await others(page), ['Passkey', 'Authenticator app']);
    await page.getByRole('link', { name: 'Passkey' }).click();
    assert.equal(new URL(page.url()).searchParams.get('method'), 'passkey');
    assert.deepEqual(await lead(page), [names]);
    await manager.touch(true);
    await press(page, 'Use passkey');
    assert.equal(page.url(), `${server.origin}/security/activity?page=1`);
  });

  test('VE-6 a cancelled question and a refused answer: said so, counted as nothing', async () => {
    await toSecondStep();
    await watchOptions(page, '**/login/verify/options', (options) => (options.timeout = 1000));
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await page.getByRole('status').filter({ hasText: 'Nothing was sent. Try again, or choose another way below.' }).waitFor();
    assert.equal(path(page), '/login/verify');
    assert.deepEqual(await axe(page), []);
    await manager.touch(true);
    await manager.spoil({ isBogusSignature: true });
    await refused(page, await press(page, 'Use passkey'), REFUSED_HERE);
    await manager.spoil({});
    assert.deepEqual(await lead(page), [names]);
    assert.deepEqual(await others(page), ['Authenticator app', 'Backup code']);
    assert.equal((await manager.ids()).length, 1, 'SG-3');
    assert.deepEqual(await attempts(), []);
    await press(page, 'Use passkey');
    assert.equal(path(page), '/security');
  });

  test('VE-7 codes are locked, a passkey is not, and it ends the lock', async () => {
    await toSecondStep();
    await page.getByRole('link', { name: 'Authenticator app' }).click();
    const wrong = app.wrong();
    for (let i = 0; i < 5; i += 1) await enterCode(page, wrong);
    assert.match(await page.getByRole('alert').innerText(), /Too many tries\. Try again after \d\d:\d\d UTC\.$/);
    await wait();
    assert.equal((await enterCode(page, await app.code())).status(), 429);
    await page.getByRole('link', { name: 'Passkey' }).click();
    await manager.touch(true);
    await press(page, 'Use passkey');
    assert.equal(path(page), '/security');
    assert.deepEqual(await attempts(), []);
    await toSecondStep();
    await page.getByRole('link', { name: 'Authenticator app' }).click();
    await wait();
    await enterCode(page, await app.code());
    assert.equal(path(page), '/security');
  });

  test('VE-1 without script it opens on the next way, and says why', async () => {
    const scriptless = await browser.newPage({ js: false, userAgent: WINDOWS });
    for (const query of ['', '?method=passkey']) {
      await signIn(scriptless, GRACE);
      await scriptless.goto(`/login/verify${query}`);
      assert.deepEqual(await lead(scriptless), ['Your passkey needs JavaScript. Here is another way.']);
      assert.deepEqual(await scriptless.locator('main button:visible').allInnerTexts(), ['Use another account', 'Sign in']);
      await wait();
      await scriptless.getByLabel('Code from your authenticator app').fill(await app.code());
      await press(scriptless, 'Sign in');
      assert.equal(path(scriptless), '/security');
      assert.equal(await scriptless.getByRole('link', { name: 'Add passkey' }).count(), 1);
      await scriptless.context().clearCookies();
    }
    // Its step-up as well.
    await signIn(scriptless, GRACE);
    await wait();
    await enterCode(scriptless, await app.code());
    await passTime(server);
    await scriptless.goto('/security/codes/new');
    assert.deepEqual(await lead(scriptless), ["You're about to create backup codes.", 'Your passkey needs JavaScript. Here is another way.']);
    await wait();
    await scriptless.locator('#code').fill(await app.code());
    await press(scriptless, 'Confirm with code');
    assert.equal(path(scriptless), '/security/codes/new');
    await scriptless.close();
  });

  test('VE-1 a browser without passkeys says so, and has the other ways', async () => {
    const old = await browser.newPage({ userAgent: WINDOWS });
    await old.addInitScript(noPasskeys);
    await signIn(old, GRACE);
    assert.deepEqual(await lead(old), ["This browser can't use passkeys. Choose another way below."]);
    assert.deepEqual(await old.locator('main button:visible').allInnerTexts(), ['Use another account']);
    assert.deepEqual(await others(old), ['Authenticator app', 'Backup code']);
    assert.deepEqual(await axe(old), []);
    await old.getByRole('link', { name: 'Backup code' }).click();
    await enterCode(old, codes[0]);
    assert.equal(path(old), '/security');
    await old.close();
  });

  test('SU-1 SU-2 SU-3 the step-up takes a passkey, and what was asked for follows', async () => {
    await toSecondStep();
    await manager.touch(true);
    await press(page, 'Use passkey');
    await passTime(server);
    await page.locator('#passkeys').getByRole('link', { name: 'Remove Security key' }).click();
    assert.equal(path(page), '/confirm');
    assert.equal(await heading(page), "Confirm it's you");
    assert.deepEqual(await lead(page), ["You're about to remove a passkey.", names]);
    assert.equal(await page.getByLabel('Password', { exact: true }).count(), 0);
    assert.deepEqual(await others(page), ['Authenticator app', 'Backup code']);
    assert.deepEqual(await axe(page), []);
    await manager.spoil({ isBadUV: true });
    await refused(page, await press(page, 'Use passkey'), REFUSED_HERE);
    await manager.spoil({});
    assert.deepEqual(await lead(page), ["You're about to remove a passkey.", names]);
    await press(page, 'Use passkey');
    assert.equal(await heading(page), 'Remove "Security key"?');
    assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
    assert.equal((await storedIds(server, GRACE)).length, 2, 'nothing was done yet');
    await page.goto('/security');
    await passTime(server);
    for (const [open, action] of [
      ['/security/passkeys/add', 'add a passkey'],
      [`${await page.locator('#passkeys details form').first().getAttribute('action')}`, 'rename a passkey'],
      ['/security/mfa/off', 'turn off multi-factor authentication'],
    ]) {
      await page.goto(open);
      assert.equal((await lead(page))[0], `You're about to ${action}.`);
    }
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(path(page), '/security');
  });

  test('VE-1 VE-3 who has passkeys and no codes is told that script is needed, and what is not there is not listed', async () => {
    const one = await browser.newPage({ userAgent: MAC });
    await (await authenticators(one)).add('internal');
    await firstPasskey(one, DORA);
    await one.close();
    const scriptless = await browser.newPage({ js: false });
    await signIn(scriptless, DORA);
    assert.deepEqual(await others(scriptless), ['Backup code']);
    assert(await scriptless.getByLabel('Backup code').isVisible());
    await sql(server, `UPDATE users SET backup_codes_left = 0 WHERE email = '${DORA}'`);
    await scriptless.reload();
    assert.deepEqual(await lead(scriptless), ['Your passkey needs JavaScript.']);
    assert.equal(await scriptless.getByRole('heading', { name: 'Other ways' }).count(), 0);
    assert(await scriptless.getByRole('link', { name: "I can't use any of these" }).isVisible());
    await scriptless.close();
  });
});

describe('the gate', { skip }, () => {
  const GAIL = 'gail@example.com';

  test('GA-1 SG-4 a passkey is recommended there, and opens it', async () => {
    await createUser(server, GAIL, { organization: 'Fabrikam', password: PASSWORD });
    await sql(server, "UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = created_at WHERE name = 'Fabrikam'");
    const page = await browser.newPage({ userAgent: MAC });
    const found = await authenticators(page);
    const manager = await found.add('internal', { automaticPresenceSimulation: false });
    await signIn(page, GAIL);
    assert.equal(path(page), '/setup');
    const card = page.locator('.choices li').first();
    assert.match(await card.innerText(), /^Passkey\s+Recommended\s+Your fingerprint, face or device PIN\. It can't be guessed or typed into a fake site\.\s+Set up/);
    assert.deepEqual(await axe(page), []);
    assert.equal(await page.locator('[data-signal-all], [data-signal-user]').count(), 0);
    await page.getByRole('link', { name: 'Set up Passkey' }).click();
    assert.equal(path(page), '/security/passkeys/add');
    assert.equal(await page.locator('[data-signal-all], [data-signal-user]').count(), 0);
    assert.deepEqual(await axe(page), []);
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(path(page), '/setup');
    await page.goBack();
    await page.goto('/security');
    assert.equal(path(page), '/setup', 'nothing else is open');

    await manager.touch(true);
    await addPasskey(page);
    await press(page, 'Save name');
    assert.equal(path(page), '/security/codes');
    await press(page, "I've saved my codes");
    assert.equal(path(page), '/security');
    assert.equal(await badge(page), 'On, required');
    await page.goto('/setup');
    assert.equal(path(page), '/security', 'the gate is gone');
    // And at the door, no second step is owed.
    await press(page, 'Sign out');
    await page.waitForURL('**/security');
    assert.deepEqual(await manager.ids(), await storedIds(server, GAIL));
    await page.close();
  });

  test('GA-2 where somebody was going is resumed, past the name and the backup codes', async () => {
    await createUser(server, 'greg@example.com', { organization: 'Fabrikam', password: PASSWORD });
    const page = await browser.newPage({ userAgent: MAC });
    const manager = await (await authenticators(page)).add('internal', { automaticPresenceSimulation: false });
    await page.goto('/security/activity?page=1');
    await fillSignIn(page, 'greg@example.com');
    assert.equal(path(page), '/setup');
    await page.getByRole('link', { name: 'Countersign' }).click();
    assert.equal(path(page), '/setup', 'looking around changes nothing');
    await page.getByRole('link', { name: 'Set up Passkey' }).click();
    await manager.touch(true);
    await addPasskey(page);
    await press(page, 'Save name');
    await press(page, "I've saved my codes");
    assert.equal(path(page) + new URL(page.url()).search, '/security/activity?page=1');
    await page.close();
  });

  test('GA-3 before the day one reminder follows each sign-in, and it can be put off without JavaScript', async () => {
    await createUser(server, 'gwen@example.com', { organization: 'Tailspin', password: PASSWORD });
    await sql(server, "UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = '2099-11-30 00:00:00' WHERE name = 'Tailspin'");
    const page = await browser.newPage({ userAgent: MAC, js: false });
    await page.goto('/security/activity');
    await fillSignIn(page, 'gwen@example.com');
    assert.equal(path(page), '/setup/later');
    assert.equal(await page.locator('.lead').first().innerText(), 'Tailspin requires it from 30 Nov 2099. It takes about two minutes.');
    await page.getByRole('link', { name: 'Remind me later' }).click();
    assert.equal(path(page), '/security/activity');
    await page.goto('/security');
    assert.equal(path(page), '/security', 'nothing else is in the way');

    await press(page, 'Sign out');
    await signIn(page, 'gwen@example.com');
    assert.equal(path(page), '/setup/later');
    await page.getByRole('link', { name: 'Set it up now' }).click();
    assert.equal(path(page), '/setup');
    await press(page, 'Set up Authenticator app');
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(path(page), '/setup');
    await page.getByRole('link', { name: 'Remind me later' }).click();
    assert.equal(path(page), '/security');

    await press(page, 'Sign out');
    await signIn(page, 'gwen@example.com');
    await sql(server, "UPDATE organizations SET mfa_enforce_from = created_at WHERE name = 'Tailspin'");
    await page.getByRole('link', { name: 'Remind me later' }).click();
    assert.equal(path(page), '/setup', 'on the day there is no later');
    assert.equal(await page.getByRole('link', { name: 'Remind me later' }).count(), 0);
    await page.close();
  });
});

/** Fills the page for signing in, wherever it leads from here. */
async function fillSignIn(page, email) {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  return press(page, 'Sign in');
}
