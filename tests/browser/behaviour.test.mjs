// What pages do when they are used: where the focus goes, what a refused form keeps, what Back shows, what the keyboard
// reaches, what scripts may. How pages look stands in pages.test.mjs.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { authenticators } from './authenticators.mjs';
import { launchBrowser, skip, startServer } from './harness.mjs';
import {
  Authenticator, MAC, PASSWORD, PHONE, api, createUser, exhaust, fillWelcome, press, scan, signIn, signInUnseen,
} from './people.mjs';

const ADA = 'ada@example.com';
const OLD_PAGE = 'This page was open too long. Check the details and try again.';
const heading = (page) => page.locator('h1').innerText();
const password = (page) => page.getByLabel('Password', { exact: true });
const path = (page) => new URL(page.url()).pathname;

describe('behaviour', { skip }, () => {
  let server, browser, link;
  before(async () => {
    server = await startServer({ settings: { COUNTERSIGN_TRUSTED_PROXIES: '1' } });
    browser = await launchBrowser(server.origin);
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    link = await createUser(server, 'grace@example.com');
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** A test with a page of its own, which has to stay free of complaints but for the `expected` ones. */
  let address = 0;
  function check(name, options, body) {
    test(name, async () => {
      address += 1; // so that no test runs into another one's limit
      const page = await browser.newPage({
        userAgent: MAC,
        extraHTTPHeaders: { 'x-forwarded-for': `203.0.113.${address}` },
        ...options,
      });
      await body(page);
      await page.close();
    });
  }

  // --- Refused forms ---

  for (const js of [true, false]) {
    check(`FR-1 the error summary has the focus, with JavaScript ${js ? 'on' : 'off'}`, { js }, async (page) => {
      await page.goto('/login');
      await press(page, 'Sign in');
      const focused = page.locator(':focus');
      assert.equal(await focused.getAttribute('role'), 'alert');
      assert.match(await focused.innerText(), /^There is a problem\s+Enter your email address\s+Enter your password$/);
      await page.getByRole('link', { name: 'Enter your password' }).click();
      await page.keyboard.type('abc');
      assert.equal(await password(page).inputValue(), 'abc', 'the link leads into its field');
    });
  }

  check('FR-2 FR-3 a refused form keeps what was typed but passwords, and says at the field what is wrong', {}, async (page) => {
    const fresh = await startServer();
    const own = await launchBrowser(fresh.origin);
    const welcome = await own.newPage();
    await welcome.goto(fresh.welcomeLink);
    await fillWelcome(welcome, { organization: 'Northwind', first: 'Ada', last: 'Byron', email: ADA, password: 'northwind' });
    assert.equal((await press(welcome, 'Create organization')).status(), 400);
    const fields = await welcome.$$eval('form input:not([type=hidden])', (all) => all.map((field) => [field.name, field.value]));
    assert.deepEqual(Object.fromEntries(fields), {
      organization: 'Northwind', first_name: 'Ada', last_name: 'Byron', email: ADA, password: '',
    });
    const field = password(welcome);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await field.getAttribute('aria-describedby'), 'password-hint password-error');
    await welcome.close();
    await own.close();
    await fresh.stop();
    await page.goto('/login');
  });

  check('FR-4 the browser adds no words of its own', {}, async (page) => {
    for (const where of ['/login', link, '/login/recover']) {
      await page.goto(where);
      assert.equal(await page.locator('form:not([novalidate])').count(), 0);
      assert.equal(await page.locator('[required], [pattern], [maxlength], [minlength]').count(), 0);
    }
  });

  check('FR-7 a page that was open too long comes again, with what was typed', {}, async (page) => {
    const spoil = () => page.$$eval('input[name=csrf]', (all) => all.forEach((input) => (input.value = 'stale')));
    const summary = () => page.getByRole('alert').getByRole('listitem').allInnerTexts();

    await page.goto('/login?return_to=/security/activity');
    await page.getByLabel('Email address').fill(ADA);
    await password(page).fill(PASSWORD);
    await spoil();
    assert.equal((await press(page, 'Sign in')).status(), 403);
    assert.deepEqual(await summary(), [OLD_PAGE]);
    assert.equal(await page.title(), 'Error: Sign in - Countersign');
    assert.equal(await page.getByLabel('Email address').inputValue(), ADA);
    assert.equal(await password(page).inputValue(), '');
    await password(page).fill(PASSWORD);
    await press(page, 'Sign in');
    assert.equal(path(page), '/security/activity', 'the page that was asked for is not lost');

    await page.goto('/security/password');
    await spoil();
    assert.equal((await press(page, 'Change password')).status(), 403);
    assert.deepEqual(await summary(), [OLD_PAGE]);

    await page.goto('/confirm?next=/security/password');
    await spoil();
    assert.equal((await press(page, 'Confirm with password')).status(), 403);
    assert.deepEqual(await summary(), [OLD_PAGE]);
    await password(page).fill(PASSWORD);
    await press(page, 'Confirm with password');
    assert.equal(path(page), '/security/password');

    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await spoil();
    assert.equal((await press(page, 'Save password')).status(), 403);
    assert.deepEqual(await summary(), [OLD_PAGE]);
  });

  check('FR-7 one device of two is still the one after a stale page', {}, async (page) => {
    const phone = await browser.newPage({ userAgent: PHONE });
    await signIn(phone, ADA);
    await phone.close();
    await signIn(page, ADA);
    await page.$$eval('input[name=csrf]', (all) => all.forEach((input) => (input.value = 'stale')));
    assert.equal((await press(page, page.getByRole('button', { name: 'Sign out Safari on iOS' }).first())).status(), 403);
    assert.equal(await heading(page), 'Sign out Safari on iOS?');
    await press(page, 'Sign out device');
    assert.equal(await page.getByRole('status').first().innerText(), 'Safari on iOS is signed out.');
  });

  // --- Signing out, Back, and where a sign-in leads ---

  check('FR-8 signing out on two pages of one browser ends well on both', { js: false }, async (page) => {
    await signIn(page, ADA);
    const second = await page.context().newPage();
    await second.goto('/security');
    await press(page, 'Sign out');
    assert.equal((await press(second, 'Sign out')).status(), 200);
    assert.equal(await heading(second), 'Sign in');

    // And a page from before the next sign-in signs nobody out, but says how.
    await signIn(page, ADA);
    await second.goto('/security');
    await page.goto('/confirm?next=/security');
    await password(page).fill(PASSWORD);
    await press(page, 'Confirm with password'); // a new session id, and with it a new form token
    assert.equal((await press(second, 'Sign out')).status(), 403);
    assert.equal(await heading(second), 'This page was open too long');
    await press(second, 'Sign out');
    assert.equal(await heading(second), 'Sign in');
  });

  check('FR-9 after signing out, Back shows the sign-in page', {}, async (page) => {
    await signIn(page, ADA);
    const response = await page.goto('/security/activity');
    assert.equal(response.headers()['cache-control'], 'no-store');
    await press(page, 'Sign out');
    await page.goBack();
    assert.equal(await heading(page), 'Sign in');
    assert.equal(await page.getByText(ADA).count(), 0);
  });

  check('FR-11 SI-7 a sign-in never leads away from here', {}, async (page) => {
    const elsewhere = createServer((_, response) => response.end('elsewhere')).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const host = `localhost:${elsewhere.address().port}`;
    for (const target of [`http://${host}/`, `//${host}/`, `/\\${host}/`, `\t//${host}/`, 'javascript:alert(1)']) {
      await page.context().clearCookies();
      await page.goto(`/login?return_to=${encodeURIComponent(target)}`);
      await page.getByLabel('Email address').fill(ADA);
      await password(page).fill(PASSWORD);
      // What the hidden field holds is no more to be believed than the address.
      await page.$eval('input[name=return_to]', (input, value) => (input.value = value), target);
      await press(page, 'Sign in');
      assert.equal(page.url(), `${server.origin}/security`, target);
    }
    elsewhere.close();
  });

  check('SI-7 a sign-in leads to the page that was asked for, parameters included', {}, async (page) => {
    await page.goto('/security/activity?page=2');
    await page.getByLabel('Email address').fill(ADA);
    await password(page).fill(PASSWORD);
    await press(page, 'Sign in');
    assert.equal(page.url(), `${server.origin}/security/activity?page=2`);
  });

  // --- What scripts may ---

  const refused = [/refused by/, /violates the following Content Security Policy/, /TrustedHTML|Trusted Type/];
  check('FR-12 styles written into a page are refused', { expected: refused }, async (page) => {
    await page.goto('/login');
    const color = await page.evaluate(() => {
      document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
      return getComputedStyle(document.body).color;
    });
    assert.notEqual(color, 'rgb(1, 2, 3)');
  });

  check('FR-13 markup written into a page is refused', { expected: refused }, async (page) => {
    await page.goto('/login');
    const outcome = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x>';
      } catch (error) {
        return error.name;
      }
      return 'done';
    });
    assert.equal(outcome, 'TypeError');
  });

  check('FR-11 a form cannot be sent elsewhere', { expected: refused }, async (page) => {
    await page.goto('/login');
    await page.$eval('form', (form) => {
      form.action = 'http://127.0.0.1:9/';
      form.submit();
    });
    await page.waitForFunction(() => document.readyState === 'complete');
    assert.equal(path(page), '/login');
  });

  // --- Passwords ---

  check('SI-3 a password can be shown, and is a password again when it is sent', {}, async (page) => {
    await page.goto('/login');
    const button = page.getByRole('button', { name: 'Show password' });
    const kind = () => password(page).getAttribute('type');
    assert.equal(await button.getAttribute('aria-controls'), await password(page).getAttribute('id'));
    assert.deepEqual([await button.getAttribute('aria-pressed'), await kind()], ['false', 'password']);
    await password(page).fill('a secret');
    await button.click();
    assert.deepEqual([await button.getAttribute('aria-pressed'), await kind()], ['true', 'text']);
    await button.press('Space');
    assert.deepEqual([await button.getAttribute('aria-pressed'), await kind()], ['false', 'password']);
    await button.press('Enter');
    assert.equal(await kind(), 'text');
    assert.equal(path(page), '/login', 'the button sends nothing');

    await page.getByLabel('Email address').fill(ADA);
    const sentAs = await page.evaluate(() => new Promise((resolve) => {
      document.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault();
        resolve(document.getElementById('password').type);
      });
      document.querySelector('form').requestSubmit();
    }));
    assert.equal(sentAs, 'password');
  });

  check('SI-3 each of two passwords has its own button', {}, async (page) => {
    await signIn(page, ADA);
    await page.goto('/security/password');
    await page.getByRole('button', { name: 'Show password' }).nth(1).click();
    assert.equal(await page.getByLabel('Current password').getAttribute('type'), 'password');
    assert.equal(await page.getByLabel('New password').getAttribute('type'), 'text');
  });

  check('SI-3 without JavaScript there is no button that does nothing', { js: false }, async (page) => {
    await page.goto('/login');
    assert.equal(await page.getByRole('button').count(), 1);
  });

  check('A-2 passwords and addresses can be pasted', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await page.goto('/login');
    for (const [field, text] of [[page.getByLabel('Email address'), ADA], [password(page), PASSWORD]]) {
      await page.evaluate((value) => navigator.clipboard.writeText(value), text);
      await field.focus();
      await page.keyboard.press('Control+v');
      assert.equal(await field.inputValue(), text);
    }
    await press(page, 'Sign in');
    assert.equal(path(page), '/security');
  });

  check('A-3 the address is asked for once', {}, async (page) => {
    await signIn(page, ADA, 'not the password of anybody');
    assert.equal(await page.getByLabel('Email address').inputValue(), ADA);
    await password(page).fill(PASSWORD);
    await press(page, 'Sign in');
    for (const where of ['/security/password', '/confirm']) {
      await page.goto(where);
      const known = page.locator('input[autocomplete=username]');
      assert.deepEqual([await known.inputValue(), await known.getAttribute('type')], [ADA, 'email']);
      assert.equal(await page.getByRole('textbox', { name: 'Email address' }).count(), 0);
    }
  });

  check('SI-4 who has an account cannot be told from the answer', {}, async (page) => {
    const answers = [];
    for (const email of [ADA, 'grace@example.com', 'nobody@example.com']) {
      const response = await signIn(page, email, 'not the password of anybody');
      answers.push([response.status(), await page.locator('main').innerText()]);
    }
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
  });

  check('SI-4 too many tries: the page says until when, and the right password has to wait too', {}, async (page) => {
    await page.context().setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.99' });
    await exhaust(server, '198.51.100.99');
    const response = await signIn(page, ADA);
    assert.equal(response.status(), 429);
    const wait = Number(response.headers()['retry-after']);
    assert(wait >= 1 && wait <= 60, `Retry-After ${wait}`);
    const text = await page.getByRole('alert').getByRole('listitem').innerText();
    assert.match(text, /^Too many tries\. Try again after \d\d:\d\d UTC, or reset your password\.$/);
    const [hours, minutes] = text.match(/\d\d/g).map(Number);
    const until = new Date();
    until.setUTCHours(hours, minutes, 0, 0);
    if (until < Date.now() - 43_200_000) until.setUTCDate(until.getUTCDate() + 1); // over midnight
    assert(until - Date.now() > (wait - 5) * 1000, 'not before the wait is over');
    assert.equal(await page.getByLabel('Email address').inputValue(), ADA);
  });

  // --- The keyboard ---

  check('A-5 A-6 the journey by keyboard alone, with the focus always in sight', {}, async (page) => {
    const phone = await browser.newPage({ userAgent: PHONE });
    await signIn(phone, ADA);
    await phone.close();

    await page.goto('/security');
    await tabTo(page, 'Email address');
    await page.keyboard.type(ADA);
    await tabTo(page, 'Password');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.summary:focus');
    await tabTo(page, /^Check your email address/);
    await page.keyboard.press('Enter'); // into the field
    await page.keyboard.type(PASSWORD);
    await tabTo(page, 'Show password');
    await page.keyboard.press('Space');
    assert.equal(await password(page).getAttribute('type'), 'text');
    await tabTo(page, 'Sign in');
    await follow(page, 'Enter');
    assert.equal(path(page), '/security');

    await tabTo(page, 'Skip to main content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Signed-in devices'); // the first part of the page after the header is passed over
    await page.keyboard.press('Enter');
    await tabTo(page, 'Sign out all other devices');
    await follow(page, 'Enter');
    assert.match(await heading(page), /^Sign out \d+ other devices?\?$/);
    await tabTo(page, 'Sign out other devices');
    await follow(page, 'Space');
    assert.match(await page.getByRole('status').first().innerText(), /signed out/);
    assert(await page.getByRole('status').first().evaluate((e) => e.getBoundingClientRect().top >= 0), 'the news is in view');

    await tabTo(page, 'Change password');
    await follow(page, 'Enter');
    await tabTo(page, 'Current password');
    await page.keyboard.type(PASSWORD);
    await tabTo(page, 'New password');
    await page.keyboard.type(`${PASSWORD} again`);
    await follow(page, 'Enter');
    assert.equal(await page.getByRole('status').first().innerText(), 'Password changed. All other devices are signed out.');

    await tabTo(page, 'Show all activity');
    await follow(page, 'Enter');
    await tabTo(page, 'Help with sign-in and recovery');
    await follow(page, 'Enter');
    await tabTo(page, 'Sign out');
    await follow(page, 'Space');
    assert.equal(await page.getByRole('status').first().innerText(), 'You have signed out.');

    await signIn(page, ADA, `${PASSWORD} again`);
    await page.goto('/security/password');
    await page.getByLabel('Current password').fill(`${PASSWORD} again`);
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Change password'); // for the other tests
  });

  for (const [colorScheme, forcedColors] of [['light', 'none'], ['dark', 'none'], ['light', 'active']]) {
    const name = forcedColors === 'active' ? 'in forced colours' : colorScheme;
    check(`A-6 V-2 every stop of the keyboard shows the focus, ${name}`, { colorScheme, forcedColors }, async (page) => {
      await signIn(page, ADA);
      for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 568 }]) {
        await page.setViewportSize(viewport);
        await page.goto('/security');
        const stops = await page.locator('a[href], button, summary').count();
        let last;
        for (let i = 0; i < stops; i += 1) last = await tab(page);
        assert.equal(last, 'Help with sign-in and recovery', 'the last stop comes last');
      }
    });
  }

  check('A-5 A-6 every method set up, named, taken away again, by keyboard alone', {}, async (page) => {
    await createUser(server, 'kim@example.com', { password: PASSWORD });
    await (await authenticators(page)).add('internal');
    await signIn(page, 'kim@example.com');
    const go = async (wanted, key = 'Enter') => {
      await tabTo(page, wanted);
      await follow(page, key);
    };

    await go('Set up an authenticator app');
    const app = new Authenticator(await scan(page));
    await tabTo(page, 'Enter the 6-digit code the app shows');
    await page.keyboard.type(await app.code());
    await follow(page, 'Enter');
    await go("I've saved my codes");

    await go('Add passkey');
    await go('Add passkey', 'Space');
    await tabTo(page, 'Name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Key');
    await follow(page, 'Enter');
    assert.equal(path(page), '/security');
    await tabTo(page, 'Rename Key');
    await page.keyboard.press('Space');
    await tabTo(page, 'Name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Laptop');
    await follow(page, 'Enter');
    await go('Remove Laptop');
    await go('Remove passkey', 'Space');
    assert.match(await page.getByRole('status').first().innerText(), /^Passkey "Laptop" removed/);

    await go('Create new codes');
    await go('Create new codes');
    await go("I've saved my codes");
    await go('Sign out');

    await page.goto('/login');
    await tabTo(page, 'Email address');
    await page.keyboard.type('kim@example.com');
    await tabTo(page, 'Password');
    await page.keyboard.type(PASSWORD);
    await follow(page, 'Enter');
    assert.equal(path(page), '/login/verify');
    await page.keyboard.type(await app.code()); // the field has the focus already
    await follow(page, 'Enter');
    assert.equal(path(page), '/security');
  });

  // --- What changes elsewhere ---

  check('a change made elsewhere shows by itself, and so does the end of the session', { live: true }, async (page) => {
    await createUser(server, 'lin@example.com', { password: PASSWORD });
    await signIn(page, 'lin@example.com');
    const devices = page.locator('#devices li');
    assert.equal(await devices.count(), 1);
    const headers = { 'x-forwarded-for': '203.0.113.250' };
    const body = { email: 'lin@example.com', password: PASSWORD };
    const { accessToken: token } = (await api(server, 'POST', '/user/login', { body, headers })).body;
    await devices.nth(1).waitFor();
    assert.equal((await api(server, 'POST', '/sessions/revoke-all', { token, headers })).status, 200);
    await page.waitForURL('**/login?**');
    assert.match(await page.locator('.notice').innerText(), /^Your session ended/);
  });

  check('without JavaScript the page is right on the next load', { js: false }, async (page) => {
    await createUser(server, 'ming@example.com', { password: PASSWORD });
    await signIn(page, 'ming@example.com');
    await signInUnseen(server, 'ming@example.com', { userAgent: PHONE, address: '203.0.113.251' });
    assert.equal(await page.locator('#devices li').count(), 1);
    await page.reload();
    assert.equal(await page.locator('#devices li').count(), 2);
  });

  // --- Announcements ---

  check('A-7 news is announced as a status, problems as an alert', {}, async (page) => {
    await signIn(page, ADA);
    await press(page, 'Sign out');
    assert.match(await page.locator('main').ariaSnapshot(), /- status:\s+- paragraph: You have signed out\./);
    await press(page, 'Sign in');
    const tree = await page.locator('main').ariaSnapshot();
    assert.match(tree, /- alert "There is a problem"/);
    assert.doesNotMatch(tree, /- status:/, 'never both');
  });
});

/** Presses Tab, looks whether people can see where they are, and resolves to the name of that place. */
async function tab(page) {
  await page.keyboard.press('Tab');
  const { isPage, name, outer, seen, outline, ring } = await page.evaluate(lookAtFocus);
  if (isPage) return tab(page); // once round: the browser's own controls are between the last stop and the first
  assert(outline >= 2, `no outline at ${outer}`);
  assert(ring, `the outline of ${outer} has the colour of what is behind it`);
  assert(seen, `${outer} is not in view`);
  return name;
}

function lookAtFocus() {
  const element = document.activeElement;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const inView = left >= 0 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return {
    isPage: element === document.body,
    outer: element.outerHTML.slice(0, 120),
    name: (element.labels?.[0] ?? element).textContent.trim().replaceAll(/\s+/g, ' '),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    ring: style.outlineColor !== getComputedStyle(document.body).backgroundColor,
    seen: inView && element.contains(hit),
  };
}

async function tabTo(page, wanted) {
  for (let i = 0; i < 60; i += 1) {
    const name = await tab(page);
    if (typeof wanted === 'string' ? name === wanted : wanted.test(name)) return;
  }
  assert.fail(`Tab never reaches ${wanted}`);
}

/** Presses a key that leads to another page. */
async function follow(page, key) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}
