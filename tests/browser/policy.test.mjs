// The content security policy in Chromium: it refuses what it should, no page does anything that it refuses, and with
// scripts off the ways in work all the same. The rules for the header itself stand in tests/api/policy.rs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, skip, startServer } from './harness.mjs';
import { Authenticator, MAC, PASSWORD, createUser, enterCode, giveApp, mailed, press, scan, signIn } from './people.mjs';

const BOSS = 'boss@northwind.example';
const ADA = 'ada@example.com';
const MO = 'mo@example.com';
const BEHIND_BUTTONS = [
  'activity', 'address', 'app', 'app/remove', 'codes', 'devices', 'email', 'mfa/off', 'passkeys/add', 'password', 'primary',
].map((name) => `/security/${name}`);
const path = (page) => new URL(page.url()).pathname;

describe('the content security policy', { skip }, () => {
  let server, browser, boss;
  before(async () => {
    const settings = { COUNTERSIGN_LIMIT_CODE_ADDRESS: '0', COUNTERSIGN_LIMIT_MAIL: '0' };
    server = await startServer({ settings });
    browser = await launchBrowser(server.origin);
    await createUser(server, BOSS, { organization: 'Northwind', role: 'owner', password: PASSWORD });
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    await createUser(server, MO, { password: PASSWORD });
    boss = (await giveApp(server, BOSS)).app;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** A page that keeps what the policy refused, as the page itself is told of it. */
  async function watched(options = {}) {
    const page = await browser.newPage({ userAgent: MAC, ...options });
    const refused = [];
    await page.context().exposeFunction('refusedByPolicy', (what) => refused.push(what));
    await page.context().addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => globalThis.refusedByPolicy(event.effectiveDirective));
    });
    return { page, refused };
  }

  /** Signs the owner in, who has an app. */
  async function enter(page) {
    await signIn(page, BOSS);
    await enterCode(page, await boss.code());
    assert.equal(path(page), '/security');
  }

  test('I08 refuses scripts, styles, images, frames and requests that are not ours, and says so', async () => {
    const { page, refused } = await watched({ expected: [/./] });
    await page.goto('/login');
    await page.evaluate(() => {
      const add = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
      const style = document.createElement('style');
      style.textContent = 'body { visibility: hidden }';
      document.head.append(style);
      document.body.insertAdjacentElement('beforeend', Object.assign(document.createElement('img'), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }));
      add('iframe', { src: '/help' });
      fetch('https://countersign.invalid/').catch(() => {});
    });
    // With trusted types, text becomes neither markup nor script.
    const attempts = await page.evaluate(() => {
      const tries = {
        markup: () => (document.body.innerHTML = '<b>x</b>'),
        handler: () => document.body.setAttribute('onclick', 'globalThis.ran = true'),
        script: () => (document.createElement('script').text = 'globalThis.ran = true'),
        address: () => (document.createElement('script').src = '/static/x.js'),
      };
      return Object.entries(tries).map(([name, attempt]) => {
        try {
          attempt();
          return `${name} went through`;
        } catch (error) {
          return error.name;
        }
      });
    });
    assert.deepEqual([...new Set(attempts)], ['TypeError'], attempts.join());
    const wanted = ['connect-src', 'frame-src', 'img-src', 'require-trusted-types-for', 'style-src-elem'];
    for (let tries = 0; tries < 100 && wanted.some((one) => !refused.includes(one)); tries += 1) await page.waitForTimeout(50);
    assert.deepEqual(wanted.filter((one) => !refused.includes(one)), [], `refused: ${refused}`);
    await page.close();
  });

  test('I08 no page that a link leads to does anything that it refuses', async () => {
    const { page, refused } = await watched();
    const seen = new Set();
    async function walk(start) {
      const waiting = [start];
      while (waiting.length > 0) {
        const next = waiting.shift();
        if (seen.has(next)) continue;
        seen.add(next);
        const response = await page.goto(next);
        assert(response.status() < 500, next);
        const links = await page.$$eval('a[href]', (all) => all.map((a) => [a.origin, a.pathname, a.hasAttribute('download')]));
        for (const [origin, to, isFile] of links) {
          if (origin === server.origin && !isFile && !/\.csv$|\/file$/.test(to)) waiting.push(to);
        }
      }
    }
    await walk('/login');
    await walk('/password');
    await enter(page);
    // Some of them stand behind buttons.
    for (const start of ['/security', '/admin', '/confirm', '/setup', ...BEHIND_BUTTONS]) await walk(start);
    assert(seen.size >= 24, `only ${[...seen]}`);
    assert.deepEqual(refused, []);
    await page.close();
  });

  test('I08 a hundred loads have one policy, without a nonce', async () => {
    const { page, refused } = await watched();
    await enter(page);
    const policies = new Set();
    for (let i = 0; i < 100; i += 1) {
      const response = await page.goto('/security');
      policies.add(response.headers()['content-security-policy']);
      assert(!(await response.text()).includes('nonce='));
    }
    assert.equal(policies.size, 1);
    assert.deepEqual(refused, []);
    await page.close();
  });

  test('I08 an app is set up and signs in with scripts off', async () => {
    const page = await browser.newPage({ js: false, userAgent: MAC });
    await signIn(page, ADA);
    await page.goto('/security');
    await press(page, 'Set up an authenticator app');
    const app = new Authenticator(await scan(page));
    await enterCode(page, await app.code(), 'Turn on authenticator app');
    await page.goto('/security');
    await press(page, 'Sign out');
    await signIn(page, ADA);
    assert.equal(path(page), '/login/verify');
    await enterCode(page, await app.code());
    assert.equal(path(page), '/security');
    await page.close();
  });

  test('I08 an email link is set up and signs in with scripts off', async () => {
    const page = await browser.newPage({ js: false, userAgent: MAC });
    await signIn(page, MO);
    await page.goto('/security/email');
    await press(page, 'Send email');
    const { code } = await mailed(server, MO, '/security/email/confirm/');
    await enterCode(page, code, 'Turn on email link');
    await page.goto('/security');
    await press(page, 'Sign out');
    await signIn(page, MO);
    await press(page, 'Send link');
    const { link } = await mailed(server, MO, '/login/link/');
    await page.goto(link);
    await press(page, 'Sign in');
    assert.equal(path(page), '/security');
    await page.close();
  });
});
