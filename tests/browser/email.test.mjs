// The email link, with and without JavaScript: setting it up, signing in by link and by code, links that scanners open, or
// that are opened elsewhere, late or twice; the step-up, removing it; and the links by mail that set a password or an address.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from './authenticators.mjs';
import { axe, launchBrowser, skip, startServer } from './harness.mjs';
import { MAC, PASSWORD, WINDOWS, api, createUser, enterCode, giveApp, mailed, press, signIn, sql } from './people.mjs';

const NEW_PASSWORD = 'eleven slow herons wade';
const WANTED = '/security/activity?page=1';
const SIGN_IN = '/login/link/';
const SET_UP = '/security/email/confirm/';
const WRONG = 'That code is not right. Use the newest email.';
const SPENT = 'That code does not work any more. Use the newest email, or send another one.';
const USED = 'It was already used at TIME.';
const TIME = String.raw`\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC`;

const flash = (page) => page.getByRole('status').first().innerText();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
const badge = (page) => page.locator('.page-head .badge').innerText();
const lead = (page) => page.locator('main p.lead:visible').first().innerText();
const others = (page) => page.locator('.others a').allInnerTexts();
const card = (page) => page.locator('main .card').innerText();
const purpose = (page) => page.locator('#email .purpose').innerText();

// One server for all of them; each has people of its own there, who are as quick as no person is.
let server, browser;
before(async () => {
  if (skip) return;
  server = await startServer({ settings: { COUNTERSIGN_LIMIT_MAIL: '0', COUNTERSIGN_LIMIT_CODE_ADDRESS: '0' } });
  browser = await launchBrowser(server.origin);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (js, userAgent = MAC) => browser.newPage({ js, userAgent, reducedMotion: 'reduce' });

/** Opens something in another tab of the same browser. */
async function openTab(page, url) {
  const tab = await page.context().newPage();
  return { tab, response: await tab.goto(url) };
}

/** The page is good for everybody in light, and its colours are in dark. */
async function accessible(page) {
  assert.deepEqual(await axe(page), []);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await axe(page, ['color-contrast']), []);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The form was refused with this, and nothing else. */
async function refused(page, response, problem, status = 400) {
  assert.equal(response.status(), status);
  assert.match(await page.title(), /^Error: /);
  const [said, ...more] = await page.getByRole('alert').getByRole('listitem').allInnerTexts();
  assert.match(said, problem instanceof RegExp ? problem : new RegExp(`^${problem}$`));
  assert.deepEqual(more, []);
}

/** The link does not work any more, and its page says why. */
async function isOver(page, response, why) {
  assert.equal(response.status(), 410);
  assert.equal(await heading(page), "This link doesn't work any more");
  assert.match(await lead(page), new RegExp(`^${why.replace('TIME', TIME)}$`));
}

/** What the API says of somebody's second factors. */
async function facts(email, where = server) {
  const { body: login } = await api(where, 'POST', '/user/login', { body: { email, password: PASSWORD } });
  const { body } = await api(where, 'GET', '/mfa/status', { token: login.accessToken });
  const { isEnabled, enabledMethods, primaryMethod, backupCodesLeft } = body.data;
  return { isEnabled, enabledMethods, primaryMethod: primaryMethod ?? null, backupCodesLeft: backupCodesLeft ?? null };
}

const NONE = { isEnabled: false, enabledMethods: [], primaryMethod: null, backupCodesLeft: null };
const LINK = { isEnabled: true, enabledMethods: ['MAGIC_LINK'], primaryMethod: 'MAGIC_LINK', backupCodesLeft: 10 };
const BOTH = { isEnabled: true, enabledMethods: ['GOOGLE_AUTH', 'MAGIC_LINK'], primaryMethod: 'GOOGLE_AUTH', backupCodesLeft: 10 };

/** Gives an account the email link without a mail. */
const giveLink = (email, where = server) => sql(where, `INSERT INTO factors (id, user_id, method, verified_at, enabled, created_at)
  SELECT 'link-' || id, id, 'magic_link', created_at, TRUE, created_at FROM users WHERE email = '${email}'`);

// The clock of a real server cannot be moved, so what it remembers is made older.
const passMinute = (email) => sql(server, `UPDATE magic_links SET sent_at = strftime('%Y-%m-%d %H:%M:%f', sent_at, '-61 seconds')
  WHERE address = '${email}'`);
const expire = (email) => sql(server, `UPDATE magic_links SET expires_at = created_at WHERE address = '${email}'`);
const passTime = (email) => sql(server, `UPDATE sessions SET
  password_at = strftime('%Y-%m-%d %H:%M:%f', password_at, '-11 minutes'), factor_at = strftime('%Y-%m-%d %H:%M:%f', factor_at, '-11 minutes')
  WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);

/** Signs in as somebody else may have done on this browser before. */
async function signInAnew(page, email) {
  await page.context().clearCookies();
  return signIn(page, email);
}

/** A new session that has proved the password on its way to the wanted page, and owes a second factor. */
async function toSecondStep(page, email, password = PASSWORD) {
  await page.context().clearCookies();
  await page.goto(WANTED);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, 'Sign in');
  assert.equal(path(page), '/login/verify');
}

/** The same, and it waits for the mail that this resolves to. */
async function toWaiting(page, email) {
  await toSecondStep(page, email);
  await press(page, 'Send link');
  assert.equal(path(page), '/login/link');
  return mailed(server, email, SIGN_IN);
}

/** Asks for a mail, and types its code. */
async function byCode(page, email) {
  await press(page, 'Send link');
  await enterCode(page, (await mailed(server, email, SIGN_IN)).code);
}

const arrived = (page) => assert.equal(page.url(), server.origin + WANTED);
const isSignedIn = async (page) => (await page.goto('/security')) && (await heading(page)) === 'Security';

/** As people type a code. */
const spaced = (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `;

/** Another code than the right one. */
const wrongCode = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

for (const js of [true, false]) {
  describe(`N-1 the email link with JavaScript ${js ? 'on' : 'off'}`, { skip }, () => {
    const ADA = `ada.${js}@example.com`;
    const BEA = `bea.${js}@example.com`;
    const looks = js ? accessible : async () => {};
    let page;
    before(async () => {
      for (const email of [ADA, BEA]) await createUser(server, email, { password: PASSWORD });
      page = await open(js);
    });
    after(() => page.close());

    /** The tab that waits goes where it was going: by itself, or when it is told to. */
    async function goesOn(url) {
      const gone = page.waitForURL(`**${url}`, { timeout: 20_000 });
      if (!js) await page.getByRole('link', { name: 'I opened the link' }).click();
      await gone;
    }

    test('3.8 the set-up says what it is worth, and looking sends nothing', async () => {
      await signIn(page, ADA);
      assert.equal(await purpose(page), "Not set up. We send a link to a****@example.com; open it to confirm it's you.");
      await page.getByRole('link', { name: 'Set up an email link' }).click();
      assert.equal(await heading(page), 'Set up email link');
      assert.equal(await lead(page), `We send an email to ${ADA}. Its link or code shows that you can read it.`);
      const said = await card(page);
      for (const words of ['Anyone who can read your email can use this.', 'NIST SP 800-63B']) assert(said.includes(words), said);
      await looks(page);
      assert.deepEqual(await rows(server, `SELECT id FROM magic_links WHERE address = '${ADA}'`), []);
    });

    test('3.8 the link of its mail, opened in this browser, turns it on once its button is pressed; then come backup codes', async () => {
      const other = await open(js, WINDOWS);
      await signIn(other, ADA);
      await press(page, 'Send email');
      assert.equal(await heading(page), 'Check your email');
      assert.equal(await lead(page), 'We sent a link to a****@example.com. Open it in this browser.');
      await looks(page);
      const { link } = await mailed(server, ADA, SET_UP);
      const { tab } = await openTab(page, link);
      assert.equal(await heading(tab), 'Confirm your email address');
      assert.match(await tab.locator('.consequence').last().innerText(), /^This turns multi-factor authentication on\. All other devices are signed out/);
      await looks(tab);
      assert.deepEqual(await facts(ADA), NONE, 'looking turns nothing on');

      await press(tab, 'Turn on email link');
      assert.equal(path(tab), '/security/codes');
      assert.equal(await flash(tab), 'Your email link works. Multi-factor authentication is on and all other devices are signed out.');
      assert.equal(await tab.locator('.codes li').count(), 10);
      await press(tab, "I've saved my codes");
      assert.equal(await badge(tab), 'On');
      assert.equal(await lead(tab), "You confirm it's you with an email link after your password.");
      assert.match(await purpose(tab), /^On since \d/);
      assert.deepEqual(await facts(ADA), LINK);
      assert(!(await isSignedIn(other)));
      await other.close();

      await isOver(tab, await tab.goto(link), USED);
      await tab.close();
    });

    test('3.8 the code of its mail turns it on, too', async () => {
      await signInAnew(page, BEA);
      await page.goto('/security/email');
      await press(page, 'Send email');
      const { code } = await mailed(server, BEA, SET_UP);
      await refused(page, await enterCode(page, '12345', 'Turn on email link'), 'Enter all 6 digits of the code');
      await refused(page, await enterCode(page, wrongCode(code), 'Turn on email link'), WRONG);
      assert.deepEqual(await facts(BEA), NONE);
      await enterCode(page, spaced(code), 'Turn on email link');
      assert.equal(path(page), '/security/codes');
      await press(page, "I've saved my codes");
      assert.deepEqual(await facts(BEA), LINK);
    });

    test('EL-5 by link: the page that waits says where and until when, and goes on once the button behind the link is pressed', async () => {
      await toSecondStep(page, ADA);
      assert.equal(await heading(page), "Confirm it's you");
      assert(await page.getByText('We send a link and a 6-digit code to a****@example.com.', { exact: true }).isVisible());
      assert.deepEqual(await others(page), ['Backup code']);
      await press(page, 'Send link');
      assert.equal(await heading(page), 'Check your email');
      assert.equal(await lead(page), 'We sent a link to a****@example.com. Open it in this browser.');
      assert.match(await card(page), /It works once, until \d\d:\d\d UTC\./);
      const minutes = (new Date(await page.locator('main time').first().getAttribute('datetime')) - Date.now()) / 60_000;
      assert(minutes > 8 && minutes < 11, `${minutes} minutes`);
      const field = page.getByLabel('Or enter the code from the email');
      assert.deepEqual([await field.getAttribute('autocomplete'), await field.getAttribute('inputmode')], ['one-time-code', 'numeric']);
      await looks(page);
      await page.getByRole('link', { name: 'I opened the link' }).click();
      assert.equal(await heading(page), 'Check your email', 'nothing was opened yet');

      const { tab } = await openTab(page, (await mailed(server, ADA, SIGN_IN)).link);
      assert.equal(await heading(tab), 'Finish signing in');
      assert.equal(await lead(tab), `You asked for this as ${ADA} with Chrome on macOS, 127.0.0.1.`);
      await looks(tab);
      await press(tab, 'Sign in');
      arrived(tab);
      assert.equal(await tab.locator('tbody th').first().innerText(), 'Signed in with email link');
      await goesOn(WANTED);
      await page.goto('/security');
      assert.match(await page.locator('#devices li').first().innerText(), /with password and email link/);
      await tab.close();
    });

    test('3.5 by code: a wrong one stays here and says so, a right one is taken as people type it', async () => {
      const { code } = await toWaiting(page, ADA);
      for (const [typed, problem] of [
        ['', 'Enter the code from the email'],
        ['12345', 'Enter all 6 digits of the code'],
        ['12345a', 'The code has numbers only'],
        [wrongCode(code), WRONG],
      ]) {
        await refused(page, await enterCode(page, typed), problem);
        assert.equal(await heading(page), 'Check your email');
        assert.equal(await page.locator('#code').inputValue(), '');
      }
      await looks(page);
      await enterCode(page, spaced(code));
      arrived(page);
    });

    test('SU-1 SU-2 the step-up takes the code and the link, and what was asked for follows', async () => {
      for (const way of ['code', 'link']) {
        await page.goto('/security');
        await passTime(ADA);
        await page.getByRole('link', { name: 'Remove an email link' }).click();
        assert.equal(path(page), '/confirm');
        assert.equal(await page.getByLabel('Password', { exact: true }).count(), 0);
        await press(page, 'Send link');
        assert.equal(await heading(page), 'Check your email');
        await looks(page);
        const { link, code } = await mailed(server, ADA, SIGN_IN);
        if (way === 'code') {
          await enterCode(page, code, 'Confirm with code');
          assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
          continue;
        }
        const { tab } = await openTab(page, link);
        assert.equal(await heading(tab), "Confirm it's you");
        await looks(tab);
        await press(tab, tab.locator('main button'));
        assert.equal(path(tab), '/security/email/remove');
        assert.equal(await flash(tab), 'Confirmed. Finish what you were about to do.');
        await tab.close();
        await goesOn('/security/email/remove');
      }
    });

    test('3.8 removing the only method says that it turns MFA off, and does', async () => {
      assert.equal(await heading(page), 'Turn off multi-factor authentication?');
      assert.match(await card(page), /The email link is your only method\. Removing it turns MFA off; a password alone will be enough\./);
      await looks(page);
      await page.getByRole('link', { name: 'Keep it' }).click();
      assert.deepEqual(await facts(ADA), LINK);
      await page.getByRole('link', { name: 'Remove an email link' }).click();
      await press(page, 'Remove and turn off MFA');
      assert.equal(await flash(page), 'Email link removed. Multi-factor authentication is off and all other devices are signed out.');
      assert.equal(await badge(page), 'Off');
      assert.deepEqual(await facts(ADA), { ...NONE, backupCodesLeft: 10 });
      await signInAnew(page, ADA);
      assert.equal(path(page), '/security', 'the password is enough');
    });
  });
}

describe('mails that are opened by others, late or twice', { skip }, () => {
  const CLEO = 'cleo@example.com';
  let page;
  before(async () => {
    await createUser(server, CLEO, { password: PASSWORD });
    await giveLink(CLEO);
    page = await open(true);
  });
  after(() => page.close());

  test('EL-1 scanners that open and send everything, and the page itself, use nothing up', async () => {
    const { link } = await toWaiting(page, CLEO);
    for (const method of ['HEAD', 'HEAD', 'GET', 'GET', 'POST', 'GET']) {
      const response = await fetch(link, { method, redirect: 'manual', ...(method === 'POST' && { body: new URLSearchParams() }) });
      assert.equal(response.status, 200, method);
    }
    const { tab } = await openTab(page, link);
    for (let i = 0; i < 3; i += 1) await tab.reload();
    assert.equal(await tab.locator('script:not([src]), meta[http-equiv=refresh]').count(), 0);
    await sleep(4000); // it would have gone by then
    assert.equal(tab.url(), link);
    assert.equal(await heading(page), 'Check your email');
    await press(tab, 'Sign in');
    arrived(tab);
    await tab.close();
  });

  test('EL-2 in another browser the link says where to go and signs nobody in; its code works where it was asked for', async () => {
    const { link, code } = await toWaiting(page, CLEO);
    const phone = await open(true, WINDOWS);
    assert.equal((await phone.goto(link)).status(), 200);
    assert.equal(await heading(phone), 'Open this link where you started');
    assert.equal(await lead(phone), 'This link works in the browser that asked for it. Open it there, or type the 6-digit code from the same email there.');
    assert.equal(await phone.locator('main form, main button').count(), 0);
    await accessible(phone);
    assert(!(await isSignedIn(phone)));
    await phone.close();
    await enterCode(page, code);
    arrived(page);
  });

  test('3.5 another mail too soon: the page stays and says when there is one; another way keeps where it was going', async () => {
    const { link } = await toWaiting(page, CLEO);
    const response = await press(page, 'Send again');
    await refused(page, response, /^You can ask for another link after \d\d:\d\d:\d\d UTC\.$/, 429);
    const seconds = Number(response.headers()['retry-after']);
    assert(seconds > 0 && seconds <= 60, `Retry-After ${seconds}`);
    assert.equal(await heading(page), 'Check your email');
    await accessible(page);
    assert.equal((await mailed(server, CLEO, SIGN_IN)).link, link, 'none was sent');
    await page.getByRole('link', { name: 'Use another way' }).click();
    assert.equal(path(page), '/login/verify');
    assert.equal(new URL(page.url()).searchParams.get('return_to'), WANTED);
  });

  for (const [what, refuse] of [['a wrong code', (code) => enterCode(page, wrongCode(code))], ['asking too soon', () => press(page, 'Send again')]]) {
    test(`EL-5 after ${what} the waiting tab goes on by itself, too`, async () => {
      const { link, code } = await toWaiting(page, CLEO);
      await refuse(code);
      const { tab } = await openTab(page, link);
      await press(tab, 'Sign in');
      await tab.close();
      await page.waitForURL(`**${WANTED}`, { timeout: 15_000 });
    });
  }

  test('EL-3 a newer mail retires the link and the code before it, and the page says so and leads to another', async () => {
    const first = await toWaiting(page, CLEO);
    await passMinute(CLEO);
    await press(page, 'Send again');
    assert.notEqual((await mailed(server, CLEO, SIGN_IN)).link, first.link);
    const { tab, response } = await openTab(page, first.link);
    await isOver(tab, response, 'A newer link was sent at TIME. Use that one.');
    await accessible(tab);
    await refused(page, await enterCode(page, first.code), SPENT);
    await passMinute(CLEO);
    await press(tab, 'Send a new link');
    assert.equal(await heading(tab), 'Check your email');
    await tab.goto((await mailed(server, CLEO, SIGN_IN)).link);
    await press(tab, 'Sign in');
    assert(await isSignedIn(tab));
    await tab.close();
  });

  test('EL-4 a link that ran out says when, and leads to another', async () => {
    const { link, code } = await toWaiting(page, CLEO);
    await expire(CLEO);
    const { tab, response } = await openTab(page, link);
    await isOver(tab, response, 'It expired at TIME.');
    await accessible(tab);
    await press(tab, 'Send a new link');
    await refused(tab, await enterCode(tab, code), SPENT);
    await enterCode(tab, (await mailed(server, CLEO, SIGN_IN)).code);
    arrived(tab);
    await tab.close();
  });

  test('EL-4 of two presses at once the second is none, and of two pages the second says that the link was used', async () => {
    const { link } = await toWaiting(page, CLEO);
    const [{ tab }, { tab: late }] = [await openTab(page, link), await openTab(page, link)];
    const pressed = tab.getByRole('button', { name: 'Sign in', exact: true });
    await Promise.all([tab.waitForURL(`**${WANTED}`), pressed.dblclick()]);
    await isOver(late, await press(late, 'Sign in'), USED);
    await tab.close();
    await late.close();
  });

  test('EL-4 a link that was used says when, here and elsewhere, and signs nobody in again', async () => {
    const { link } = await toWaiting(page, CLEO);
    const { tab } = await openTab(page, link);
    await press(tab, 'Sign in');
    const stranger = await open(true, WINDOWS);
    for (const browser of [tab, stranger]) {
      await isOver(browser, await browser.goto(link), USED);
      await accessible(browser);
    }
    assert.equal(await tab.getByRole('link', { name: 'Go to security' }).count(), 1);
    await isOver(stranger, await stranger.goto('/login/link/cs_ln_never-was-one'), 'Check that you copied all of it, or ask for a new one.');
    await accessible(stranger);
    await stranger.getByRole('link', { name: 'Go to sign in' }).click();
    assert.equal(await heading(stranger), 'Sign in');
    assert(!(await isSignedIn(stranger)));
    await stranger.close();
    await tab.close();
  });
});

describe('the email link beside other methods', { skip }, () => {
  const DORA = 'dora@example.com';
  let page, app;
  before(async () => {
    await createUser(server, DORA, { password: PASSWORD });
    ({ app } = await giveApp(server, DORA));
    page = await open(true);
  });
  after(() => page.close());

  test('3.8 VE-3 as a further method it comes after the app, and brings no new codes', async () => {
    await signIn(page, DORA);
    await enterCode(page, await app.code());
    await page.goto('/security/email');
    await press(page, 'Send email');
    await enterCode(page, (await mailed(server, DORA, SET_UP)).code, 'Turn on email link');
    assert.equal(path(page), '/security');
    assert.equal(await flash(page), 'Email link turned on.');
    assert.deepEqual(await facts(DORA), BOTH);
    await toSecondStep(page, DORA);
    assert.deepEqual(await others(page), ['Email link', 'Backup code']);
    await page.getByRole('link', { name: 'Email link' }).click();
    assert.deepEqual(await others(page), ['Authenticator app', 'Backup code']);
    await byCode(page, DORA);
    arrived(page);
  });

  test('PM-1 removing it says what is left, and what comes first from then on', async () => {
    await page.goto('/security/primary');
    await page.getByRole('radio', { name: 'Email link' }).check();
    await press(page, 'Save choice');
    assert.deepEqual(await facts(DORA), { ...BOTH, primaryMethod: 'MAGIC_LINK' });
    await page.getByRole('link', { name: 'Remove an email link' }).click();
    assert.equal(await heading(page), 'Remove email link?');
    assert.match(await card(page), /You can still sign in with: an authenticator app\. After this you will use an authenticator app instead\./);
    await accessible(page);
    await press(page, 'Remove email link');
    assert.equal(await flash(page), 'Email link removed. From now on we ask for an authenticator app first. All other devices are signed out.');
    assert.deepEqual(await facts(DORA), { ...BOTH, enabledMethods: ['GOOGLE_AUTH'] });
    assert.match(await purpose(page), /^Not set up\./);
  });
});

describe('passwords and addresses by mail', { skip }, () => {
  const FAY = 'fay@example.com';
  let page;
  before(async () => {
    await createUser(server, FAY, { password: PASSWORD });
    page = await open(false);
  });
  after(() => page.close());

  async function askForPassword(email) {
    await page.context().clearCookies();
    await page.goto('/login');
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await page.getByLabel('Email address').fill(email);
    return press(page, 'Send link');
  }

  /** Resolves to the link that chose it. */
  async function newPassword(email) {
    await askForPassword(email);
    const { link } = await mailed(server, email, '/password/');
    await page.goto(link);
    assert.match(await lead(page), new RegExp(email));
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await press(page, 'Save password');
    assert.equal(path(page), '/login');
    assert.equal(await flash(page), 'Your password is set. Sign in with it now.');
    return link;
  }

  test('EL-6 asking for a new password is answered the same, account or not', async () => {
    await createUser(server, 'amy@example.com', { password: PASSWORD });
    const answers = [];
    for (const email of ['amy@example.com', 'nobody@example.com']) {
      const response = await askForPassword(email);
      assert.equal(await flash(page), `If ${email} has an account, a link is on its way there. It works for an hour.`);
      answers.push([response.status(), page.url(), (await page.locator('body').innerText()).replaceAll(email, 'they')]);
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  test('a lost password: the link of the mail chooses another one, once, and signs everybody out', async () => {
    const other = await open(false, WINDOWS);
    await signIn(other, FAY);
    const link = await newPassword(FAY);
    assert(!(await isSignedIn(other)));
    await other.close();
    assert.equal((await signIn(page, FAY, PASSWORD)).status(), 400, 'the old one');
    await signIn(page, FAY, NEW_PASSWORD);
    assert.equal(path(page), '/security');
    assert.equal((await page.goto(link)).status(), 410);
    assert.equal(await heading(page), 'This link no longer works');
  });

  test('beside an app the email link is not offered after a password by mail, until something else has signed in', async () => {
    const GUS = 'gus@example.com';
    await createUser(server, GUS, { password: PASSWORD });
    const { app } = await giveApp(server, GUS);
    await giveLink(GUS);
    await toSecondStep(page, GUS);
    assert.deepEqual(await others(page), ['Email link', 'Backup code']);
    await newPassword(GUS);
    await toSecondStep(page, GUS, NEW_PASSWORD);
    assert.deepEqual(await others(page), ['Backup code']);
    await page.goto('/login/verify?method=email');
    assert(await page.getByLabel('Code from your authenticator app').isVisible());
    assert.equal(await page.getByRole('button', { name: 'Send link' }).count(), 0);
    await enterCode(page, await app.code());
    await toSecondStep(page, GUS, NEW_PASSWORD);
    assert.deepEqual(await others(page), ['Email link', 'Backup code']);
  });

  test('where it is all there is, the email link is taken after a password by mail, and the page says what that is worth', async () => {
    const HAL = 'hal@example.com';
    await createUser(server, HAL, { password: PASSWORD });
    await giveLink(HAL);
    await newPassword(HAL);
    const said = page.locator('main .alert');
    for (let i = 0; i < 2; i += 1) {
      await toSecondStep(page, HAL, NEW_PASSWORD);
      assert.match(await said.innerText(), /^Your password was set by email too, so your mailbox is all that protects this account\./);
      await byCode(page, HAL);
      arrived(page);
    }
    await page.goto('/security/password');
    await page.getByLabel('Current password').fill(NEW_PASSWORD);
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Change password');
    await toSecondStep(page, HAL);
    assert.equal(await said.count(), 0, 'its holder knows the old one');
  });

  test('another address belongs to the account once the button behind the link in its mail is pressed', async () => {
    const [OLD, NEW] = ['ida@example.com', 'ida.new@example.com'];
    await createUser(server, OLD, { password: PASSWORD });
    await signInAnew(page, OLD);
    await page.getByRole('link', { name: 'Change address' }).click();
    await page.getByLabel('New email address').fill(NEW);
    await press(page, 'Send link');
    assert.equal(await flash(page), `We mailed a link to ${NEW}. Open it within an hour in this browser to confirm that address.`);
    const { link } = await mailed(server, NEW, '/security/address/confirm/');
    await page.goto(link);
    assert.equal(await heading(page), 'Confirm your new email address');
    const signsIn = async (email) => (await api(server, 'POST', '/user/login', { body: { email, password: PASSWORD } })).status;
    assert.deepEqual([await signsIn(OLD), await signsIn(NEW)], [200, 401], 'looking changes nothing');
    await press(page, 'Confirm address');
    assert.equal(await flash(page), `Your email address is ${NEW} now. Sign in with it from now on.`);
    assert.deepEqual([await signsIn(OLD), await signsIn(NEW)], [401, 200]);
    assert.equal((await page.goto(link)).status(), 410);
  });
});

describe('COUNTERSIGN_EMAIL_LINK=off', { skip }, () => {
  const [JAN, KIM] = ['jan@example.com', 'kim@example.com'];
  let off, chromium, page;
  before(async () => {
    off = await startServer({ settings: { COUNTERSIGN_EMAIL_LINK: 'off' } });
    chromium = await launchBrowser(off.origin);
    for (const email of [JAN, KIM]) await createUser(off, email, { password: PASSWORD });
    page = await chromium.newPage({ userAgent: MAC });
  });
  after(async () => {
    await page.close();
    await chromium.close();
    await off.stop();
  });

  test('SE-3 nobody is offered it', async () => {
    await signIn(page, JAN);
    assert.equal(await page.locator('#email, a[href="#email"], a[href^="/security/email"]').count(), 0);
    await page.goto('/security/email');
    assert.equal(path(page), '/security');
    await press(page, 'Sign out');
  });

  test('SE-3 whose method it was is not asked for it, and sees that it is accepted no more', async () => {
    const { app } = await giveApp(off, KIM);
    await giveLink(KIM, off);
    await signIn(page, KIM);
    assert.deepEqual(await others(page), ['Backup code']);
    await enterCode(page, await app.code());
    assert.match(await page.locator('#email').innerText(), /No longer accepted by this service/);
    assert.deepEqual(await facts(KIM, off), { ...BOTH, enabledMethods: ['GOOGLE_AUTH'] });
  });
});
