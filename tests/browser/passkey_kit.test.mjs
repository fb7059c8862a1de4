// Passkeys as they are kept: the pages that add, name and remove them, what the browser can answer and what is said then,
// what passkey managers are told, and what they ask for. Signing in with them stands in passkey.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  addPasskey, alterAnswers, authenticators, firstPasskey, neverOffer, noPasskeys, recordCalls, rows, setMaker, storedIds,
  watchOptions,
} from './authenticators.mjs';
import { axe, launchBrowser, noHorizontalScroll, screenshot, skip, startServer } from './harness.mjs';
import { Authenticator, MAC, PASSWORD, api, createUser, press, scan, signIn, sql } from './people.mjs';

const ADA = 'ada@example.com';
const WAITING = 'Waiting for your browser';
const SIGN_IN = 'Sign in with a passkey';
const GOOGLE = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4';

const flash = (page) => page.getByRole('status').first().innerText();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
const lead = (page) => page.locator('main p.lead:visible').allInnerTexts();
const card = (page, name) => page.locator('#passkeys li').filter({ has: page.locator('h3', { hasText: name }) }).first();
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
  UPDATE sessions SET password_at = strftime('%Y-%m-%d %H:%M:%f', password_at, '-11 minutes'),
    factor_at = strftime('%Y-%m-%d %H:%M:%f', factor_at, '-11 minutes')`);

/** Waits until a silent question to the browser hangs. */
const offered = (page) => page.waitForFunction(() => globalThis.calls.includes('conditional'));

/** Looks at what is open: wide and narrow, light and dark (V-1, FR-10). */
async function look(page, name) {
  assert.deepEqual(await axe(page), [], name);
  await screenshot(page, `passkey-${name}-light-1280`);
  await page.setViewportSize({ width: 320, height: 568 });
  await noHorizontalScroll(page);
  await screenshot(page, `passkey-${name}-light-320`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot(page, `passkey-${name}-dark-320`);
  assert.deepEqual(await axe(page, ['color-contrast', 'target-size']), [], `${name}, narrow and dark`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await screenshot(page, `passkey-${name}-dark-1280`);
  await page.emulateMedia({ colorScheme: 'light' });
}

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

describe('a page that is open', { skip }, () => {
  const LIN = 'lin@example.com';
  let page;
  before(async () => {
    await createUser(server, LIN, { password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC, live: true });
    await (await authenticators(page)).add('internal');
    await firstPasskey(page, LIN);
  });
  after(async () => {
    await page.close();
  });

  test('what changes elsewhere takes no form away that is being filled, and says so', async () => {
    await page.goto('/security');
    const one = card(page, 'Chrome on macOS');
    await one.getByText('Rename').click();
    await one.getByLabel('Name').fill('My Mac');
    const notice = page.locator('main > .notice[role=status]');
    assert.equal(await notice.count(), 0);
    await sql(server, `UPDATE users SET backup_codes_left = 3 WHERE email = '${LIN}'`);
    const body = { email: LIN, password: PASSWORD };
    assert.equal((await api(server, 'POST', '/user/login', { body })).status, 200); // changes nothing, but is recorded
    await notice.getByText('Something on this page has changed elsewhere.').waitFor();
    assert.equal(await one.getByLabel('Name').inputValue(), 'My Mac');
    await look(page, 'stale');
    await Promise.all([page.waitForNavigation(), notice.getByRole('link', { name: 'Show the changes' }).click()]);
    assert.equal(await notice.count(), 0);
  });
});

describe('keeping passkeys', { skip }, () => {
  let page, found, manager;
  before(async () => {
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC });
    await page.addInitScript(recordCalls);
    found = await authenticators(page);
    await signIn(page, ADA);
  });
  after(async () => {
    await page.close();
  });

  /** What a card says: its name with a badge, and its facts. */
  async function says(name) {
    const one = card(page, name);
    const [title, facts] = [await one.locator('h3').innerText(), await one.locator('.meta span').allInnerTexts()];
    return { title: title.replace('\n', ', '), facts };
  }
  const groups = () => page.locator('#passkeys > h3').allInnerTexts();
  const names = () => rows(server, `SELECT name FROM passkeys WHERE ${ofUser(ADA)} ORDER BY created_at`).then((all) => all.map(({ name }) => name));

  /** Proves it is her, with the passkey at hand. */
  async function use() {
    await page.goto('/confirm?next=/security');
    await press(page, 'Use passkey');
    assert.equal(path(page), '/security');
  }

  /** A passkey manager of its own kind: there is only one at a time. */
  async function another(kind, options) {
    await manager?.remove();
    manager = await found.add(kind, options);
  }

  /** Leaves these passkeys and no codes, or so many. */
  const leave = (kept, codes = 'NULL') => sql(server, `DELETE FROM passkeys WHERE ${ofUser(ADA)} AND name NOT IN (${kept.map((name) => `'${name}'`)});
    UPDATE users SET backup_codes_left = ${codes} WHERE email = '${ADA}';
    ${codes === 'NULL' ? `DELETE FROM backup_code_sets WHERE ${ofUser(ADA)};` : ''}`);

  test('PK-7 the page says what happens before it happens, and afterwards what did', async () => {
    await another('internal');
    await page.goto('/security/passkeys/add');
    assert.equal(await heading(page), 'Add a passkey');
    assert(await page.getByText('In your password manager, on this device, or on a phone or security key: your browser lets you choose.').isVisible());
    assert.deepEqual(await page.locator('h2').allInnerTexts(), ['What is it?', 'Where is it saved?', 'What if I lose my device?', 'Security key']);
    assert(await page.getByText('Your browser will now ask you to confirm.', { exact: true }).isVisible());
    assert.deepEqual(await page.locator('form.passkey button').allInnerTexts(), ['Add passkey', 'Add a security key']);
    assert.deepEqual(await page.evaluate(() => globalThis.calls), [], 'nothing starts by itself');
    await look(page, 'add-first');
    await press(page, 'Add passkey');
    assert.equal(await flash(page), 'Your passkey works. Multi-factor authentication is on and all other devices are signed out.');
    await look(page, 'name');
    await press(page, 'Save name');
    assert.equal(path(page), '/security/codes');
    await press(page, "I've saved my codes");
  });

  test('PK-1 PK-3 PK-6 SE-1 a card: its name, since when, and that it was not used; then when, and by what', async () => {
    const { title, facts } = await says('Chrome on macOS');
    assert.equal(title, 'Chrome on macOS');
    assert.match(facts.join(' | '), /^Added \d{1,2} \w{3} \d{4} \| Not used yet$/);
    assert.match(await card(page, 'Chrome').locator('time').getAttribute('datetime'), /^\d{4}-\d\d-\d\d/);
    assert.deepEqual(await groups(), [], 'one kind needs no heading');
    assert.equal(await page.locator('#passkeys .alert').count(), 0);
    await use();
    assert.match((await says('Chrome on macOS')).facts.join(' | '), /^Added \d{1,2} \w{3} \d{4} \| Last used \d{1,2} \w{3} \d{4}, Chrome on macOS$/);
  });

  test('PK-2 the badge follows what the authenticator says, at each use', async () => {
    const badge = async () => (await says('Chrome on macOS')).title;
    for (const [properties, title] of [
      [{ backupEligibility: true, backupState: false }, 'Chrome on macOS, Not backed up yet'],
      [{ backupEligibility: true, backupState: true }, 'Chrome on macOS'],
    ]) {
      await manager.change(properties);
      await use();
      assert.equal(await badge(), title);
    }
  });

  test('PK-4 PK-1 PK-2 what a passkey is called by itself: who keeps it, a security key, a phone, the browser; numbered', async () => {
    await alterAnswers(page, (response) => setMaker(response, GOOGLE));
    await another('internal', { defaultBackupState: false });
    assert.equal(await addPasskey(page), 'Google Password Manager');
    await another('internal');
    assert.equal(await addPasskey(page), 'Google Password Manager 2');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await another('internal', { defaultBackupEligibility: false, defaultBackupState: false });
    assert.equal(await addPasskey(page), 'Chrome on macOS 2');
    await another('usb');
    assert.equal(await addPasskey(page, 'Add a security key'), 'Security key');
    await another('usb');
    assert.equal(await addPasskey(page), 'Security key 2');
    await another('internal');
    await alterAnswers(page, (response) => (response.transports = ['hybrid']));
    assert.equal(await addPasskey(page), 'Phone or tablet');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await manager.remove();
    manager = undefined;

    const unknown = await browser.newPage({ userAgent: 'Something/1.0', storageState: await page.context().storageState() });
    await (await authenticators(unknown)).add('internal');
    assert.equal(await addPasskey(unknown), 'Passkey');
    await page.context().addCookies(await unknown.context().cookies());
    await unknown.close();

    await page.goto('/security');
    assert.equal((await says('Google Password Manager')).title, 'Google Password Manager, Not backed up yet');
    assert.equal((await says('Google Password Manager')).facts[0], 'Saved in Google Password Manager');
    assert.equal((await says('Chrome on macOS 2')).title, 'Chrome on macOS 2, This device only');
    assert.equal((await says('Security key')).facts.at(-1), 'Used after your password');
    assert.deepEqual((await says('Security key 2')).facts.slice(1), ['Not used yet'], 'this one signs in alone');
    assert.equal((await says('Phone or tablet')).title, 'Phone or tablet');
  });

  test('PK-3 both kinds are there: each has a heading', async () => {
    assert.deepEqual(await groups(), ['On your devices', 'On security keys']);
    const lists = page.locator('#passkeys ul');
    assert.equal(await lists.nth(0).getByRole('listitem').count(), 6);
    const keys = await lists.nth(1).locator('h3').allInnerTexts();
    assert.deepEqual(keys.map((name) => name.split('\n')[0]), ['Security key', 'Security key 2']);
    await card(page, 'Google Password Manager').getByText('Rename').click();
    assert(await card(page, 'Google Password Manager').getByLabel('Name').isVisible());
    await look(page, 'security');
  });

  test('A-8 a new name: refused with the reason, and what was typed stays', async () => {
    const id = (await card(page, 'Phone or tablet').locator('form').getAttribute('action')).split('/')[3];
    const form = card(page, 'Phone or tablet');
    await form.getByText('Rename').click();
    await form.getByLabel('Name').fill('SECURITY  key ');
    const field = page.locator('#name');
    await refused(page, await press(page, form.getByRole('button', { name: 'Save name' })), 'You already have a passkey called SECURITY key');
    assert.equal(await heading(page), 'Name your passkey');
    assert.equal(path(page), `/security/passkeys/${id}/name`);
    await look(page, 'name-refused');
    for (const [typed, problem] of [[' ', 'Enter a name'], ['n'.repeat(61), 'Name must be 60 characters or fewer']]) {
      await field.fill(typed);
      await refused(page, await press(page, 'Save name'), problem);
      assert.equal(await page.locator('#name-error').textContent(), `Error: ${problem}`);
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.equal(await field.inputValue(), typed);
    }
    await field.fill('n'.repeat(60));
    await press(page, 'Save name');
    assert.equal(await flash(page), `Passkey saved as ${'n'.repeat(60)}.`);
    await page.setViewportSize({ width: 320, height: 568 });
    await noHorizontalScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    assert((await names()).includes('n'.repeat(60)));
  });

  test('JS-3 JS-4 PK-5 what is asked for: each door its own, and nothing that is there already', async () => {
    await another('internal');
    const [{ id, handle }] = await rows(server, `SELECT id, hex(passkey_handle) AS handle FROM users WHERE email = '${ADA}'`);
    const asked = await watchOptions(page, '**/security/passkeys/options');
    for (const button of ['Add passkey', 'Add a security key']) {
      const stored = await storedIds(server, ADA);
      await addPasskey(page, button);
      const { challenge, excludeCredentials, pubKeyCredParams, ...rest } = asked.at(-1);
      assert.equal(Buffer.from(challenge, 'base64url').length, 32);
      assert.deepEqual(excludeCredentials.map((one) => [one.type, one.id]), stored.map((one) => ['public-key', one]));
      const algorithms = pubKeyCredParams.map(({ alg }) => alg);
      assert.deepEqual(algorithms.filter((alg) => [-7, -257].includes(alg)), [-7, -257]);
      assert(!algorithms.includes(-8), 'not verified here');
      const isKey = button !== 'Add passkey';
      assert.deepEqual(rest, {
        rp: { id: 'localhost', name: 'Countersign' },
        user: { id: Buffer.from(handle, 'hex').toString('base64url'), name: ADA, displayName: 'Ada Byron' },
        timeout: 300_000,
        authenticatorSelection: {
          residentKey: isKey ? 'discouraged' : 'required', requireResidentKey: !isKey, userVerification: 'required',
        },
        ...(isKey && { hints: ['security-key'] }),
        attestation: 'none',
        extensions: { credProps: true },
      });
      await another('usb');
    }
    assert.notEqual(asked[0].challenge, asked[1].challenge);
    assert.equal(handle.length, 32);
    assert(!handle.toLowerCase().includes(id.replaceAll('-', '').slice(0, 8)), 'it says nothing about the account');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  const full = 'You have 20 passkeys, the most we keep. Remove one first.';

  test('PK-5 twenty are the most: no form, no question', async () => {
    const before = await names();
    await sql(server, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${20 - before.length})
      INSERT INTO passkeys SELECT id || '-' || i, factor_id, user_id, randomblob(32), credential, counter, backup_eligible, backup_state,
        discoverable, transports, aaguid, rp_id, 'Copy ' || i, created_at, last_used_at, last_used_by
      FROM n, (SELECT * FROM passkeys WHERE name = '${before[0]}')`);
    assert.equal((await names()).length, 20);
    await page.goto('/security/passkeys/add');
    assert(await page.getByText(full, { exact: true }).isVisible());
    assert.equal(await page.locator('form.passkey').count(), 0);
    await look(page, 'add-full');
    await page.goto('/security');
    assert.equal(await page.locator('#passkeys .purpose').innerText(), 'You have 20 passkeys, the most we keep. Remove one to add another.');
    assert.equal(await page.getByRole('link', { name: 'Add passkey' }).count(), 0);
  });

  test('PK-5 the page was open before there were twenty: the reason is said', async () => {
    await sql(server, "DELETE FROM passkeys WHERE name = 'Copy 1'");
    await page.goto('/security/passkeys/add');
    await sql(server, `INSERT INTO passkeys SELECT id || '-1', factor_id, user_id, randomblob(32), credential, counter, backup_eligible,
      backup_state, discoverable, transports, aaguid, rp_id, 'Copy 1', created_at, last_used_at, last_used_by
      FROM passkeys WHERE name = 'Copy 2'`);
    assert.equal((await names()).length, 20);
    await page.locator('form.passkey button').first().click();
    await page.getByText(full).first().waitFor({ timeout: 3000 });
    assert.equal((await names()).length, 20);
  });

  test('PK-6 all of them on one device and no codes: said so', async () => {
    const fragile = 'Lose this device and you lose these passkeys. Add another on a different device.';
    const line = page.locator('#passkeys .alert');
    for (const [kept, codes, shown] of [
      [['Security key', 'Chrome on macOS 2'], 'NULL', [fragile]],
      [['Security key', 'Chrome on macOS 2'], '3', []],
      [['Security key', 'Chrome on macOS 2'], '0', [fragile]],
    ]) {
      await leave(kept, codes);
      await page.goto('/security');
      assert.deepEqual(await line.allInnerTexts(), shown, codes);
    }
    await look(page, 'security-fragile');
    await another('internal');
    await addPasskey(page);
    await page.goto('/security');
    assert.deepEqual(await line.allInnerTexts(), [], 'one is backed up');
  });

  test('PK-8 a browser that keeps none itself: a phone or a key', async () => {
    const elsewhere = "This browser can't save passkeys itself. You can use a phone or a security key.";
    for (const [can, shown] of [[{ passkeyPlatformAuthenticator: false }, true], [{}, false], [undefined, false]]) {
      const other = await browser.newPage({ storageState: await page.context().storageState() });
      await other.addInitScript((answer) => {
        if (globalThis.PublicKeyCredential) PublicKeyCredential.getClientCapabilities = answer && (() => Promise.resolve(answer));
      }, can);
      await other.goto('/security/passkeys/add', { waitUntil: 'networkidle' });
      assert.equal(await other.getByText(elsewhere, { exact: true }).isVisible(), shown, JSON.stringify(can));
      assert.equal(await other.getByText('your browser lets you choose').isVisible(), !shown);
      assert(await other.getByRole('button', { name: 'Add passkey' }).isVisible());
      if (shown) await look(other, 'add-elsewhere');
      await other.close();
    }
  });

  test('SE-6 without script, or without passkeys in the browser, nothing is there that does nothing', async () => {
    const storageState = await page.context().storageState();
    const scriptless = await browser.newPage({ js: false, storageState });
    await scriptless.goto('/security/passkeys/add');
    assert(await scriptless.getByText('Adding a passkey needs JavaScript.', { exact: true }).isVisible());
    assert.deepEqual(await scriptless.locator('main button:visible').allInnerTexts(), ['Set up an authenticator app instead']);
    await scriptless.close();
    const old = await browser.newPage({ storageState });
    await old.addInitScript(noPasskeys);
    await old.goto('/security/passkeys/add');
    assert(await old.getByText("This browser can't use passkeys.", { exact: true }).isVisible());
    assert.deepEqual(await old.locator('main button:visible').allInnerTexts(), ['Set up an authenticator app instead']);
    await look(old, 'add-unsupported');
    await old.close();
  });

  // --- Removing ---

  const AFTER = "You won't be able to sign in with it any more.";
  const DEVICES = 'All other devices are signed out; this one stays signed in.';
  const toRemove = async (name) => {
    await page.goto('/security');
    await page.locator('#passkeys').getByRole('link', { name: `Remove ${name}`, exact: true }).click();
  };
  const consequences = () => page.locator('.consequence').allInnerTexts();

  test('PK-12 COPY-6 one of several: what it means, and where else it is; then the focus and the list', async () => {
    await sql(server, `UPDATE passkeys SET aaguid = '${GOOGLE}' WHERE name = 'Chrome on macOS'`);
    const [id] = await manager.ids();
    await toRemove('Chrome on macOS');
    assert.equal(await heading(page), 'Remove "Chrome on macOS"?');
    assert.deepEqual(await consequences(), [
      `${AFTER} Also delete it in Google Password Manager; otherwise your browser may keep offering it.`,
      'You can still sign in with: the passkey "Chrome on macOS 2", the passkey "Security key".',
      DEVICES,
    ]);
    await look(page, 'remove');
    await page.getByRole('link', { name: 'Keep it' }).click();
    assert.equal(page.url(), `${server.origin}/security#passkeys`);
    await toRemove('Chrome on macOS');
    await press(page, 'Remove passkey');
    assert.equal(path(page), '/security');
    assert.equal(await flash(page), 'Passkey "Chrome on macOS" removed. All other devices are signed out.');
    assert.deepEqual(await page.locator(':focus').evaluate((one) => [one.className, one.getAttribute('role'), one.tabIndex]), ['flash ok', 'status', -1]);
    const { allAcceptedCredentialIds } = JSON.parse(await page.locator('main').getAttribute('data-signal-all'));
    assert.deepEqual(allAcceptedCredentialIds, await storedIds(server, ADA));
    assert(!allAcceptedCredentialIds.includes(id));
    await page.waitForLoadState('networkidle');
    assert.deepEqual(await manager.ids(), []);
    await look(page, 'removed');
  });

  test('a security key, and one that nobody knows the keeper of', async () => {
    await toRemove('Security key');
    assert.equal((await consequences())[0], `${AFTER} The security key itself still works for other accounts.`);
    await press(page, 'Remove passkey');
    await toRemove('Chrome on macOS 2');
    assert.equal(await heading(page), 'Turn off multi-factor authentication?');
  });

  test('PK-10 the last of all methods', async () => {
    assert.deepEqual(await consequences(), [
      '"Chrome on macOS 2" is your only method. Removing it turns MFA off; a password alone will be enough.',
      `${AFTER} Also delete it in your password manager; otherwise your browser may keep offering it.`,
      DEVICES,
    ]);
    assert.deepEqual(await page.locator('main .button, main button').allInnerTexts(), ['Add another method first', 'Remove and turn off MFA', 'Keep it']);
    assert(await page.getByRole('link', { name: 'Add another method first' }).evaluate((one) => one.classList.contains('primary')));
    assert(await page.getByRole('button', { name: 'Remove and turn off MFA' }).evaluate((one) => one.classList.contains('danger')));
    await look(page, 'remove-last');
  });

  test('PK-11 the same where one is required: it stays', async () => {
    await sql(server, "UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = created_at");
    // The form was open before.
    const response = await press(page, 'Remove and turn off MFA');
    assert.equal(response.status(), 409);
    for (const open of [() => {}, () => toRemove('Chrome on macOS 2')]) {
      await open();
      assert.equal(await heading(page), '"Chrome on macOS 2" stays');
      assert.deepEqual(await lead(page), ['Northwind requires MFA and this is your only method. Add another one, then remove this.']);
      assert.equal(await page.locator('main form').count(), 0);
      assert(await page.getByRole('link', { name: 'Add another method' }).isVisible());
    }
    assert.deepEqual(await names(), ['Chrome on macOS 2']);
    await look(page, 'remove-refused');
    await sql(server, "UPDATE organizations SET mfa_requirement = 'off'");
  });

  test('PK-9 PM-1 the last passkey, with another method: what takes its place', async () => {
    await page.goto('/security');
    await press(page, 'Set up an authenticator app');
    await page.locator('#code').fill(await new Authenticator(await scan(page)).code());
    await press(page, 'Turn on authenticator app');
    await toRemove('Chrome on macOS 2');
    assert.equal(await heading(page), 'Remove "Chrome on macOS 2"?');
    assert.deepEqual(await consequences(), [
      `${AFTER} Also delete it in your password manager; otherwise your browser may keep offering it.`,
      "You can still sign in with: an authenticator app. After this you will use an authenticator app instead. Passkeys are the only method here that can't be phished.",
      DEVICES,
    ]);
    await look(page, 'remove-last-passkey');
    await press(page, 'Remove passkey');
    assert.equal(await flash(page), 'Passkey "Chrome on macOS 2" removed. From now on we ask for an authenticator app first. All other devices are signed out.');
    assert.equal(await page.locator('main').getAttribute('data-primary-method'), 'GOOGLE_AUTH');
    assert.equal(await page.locator('#passkeys li').count(), 0);
  });
});

// What the browser or the authenticator can do, for each question: what brings it about, and what is said then.
const OUTCOMES = {
  get: {
    cancelled: 'Nothing was sent. Try again, or choose another way below.',
    address: (origin) => `This address can't use passkeys. Open ${origin} instead.`,
    kind: "This device can't use that kind of passkey.",
    network: "We couldn't reach the server. Check your connection and try again.",
  },
  create: {
    cancelled: 'No passkey was added. You can try again.',
    address: (origin) => `This address can't use passkeys. Open ${origin} instead.`,
    kind: "This device can't check a fingerprint, face or PIN, which passkeys here need.",
    network: "We couldn't reach the server. Check your connection and try again.",
    exists: 'You already have a passkey in this password manager. It works on this device too.',
  },
};

describe('4.3 what the browser can answer', { skip }, () => {
  const BEA = 'bea@example.com';
  const expected = [/ERR_FAILED/, /^503 for fetch /]; // a server that is out of reach
  const url = { get: '**/login/passkey/options', create: '**/security/passkeys/options' };
  let page, found, manager;
  before(async () => {
    await createUser(server, BEA, { password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC, expected });
    await page.addInitScript(recordCalls);
    found = await authenticators(page);
    manager = await found.add('internal');
    await firstPasskey(page, BEA);
  });
  after(async () => {
    await page.close();
  });

  const form = () => page.locator('form[data-passkey]').first();
  const button = () => form().locator('button');

  /** Presses the button without giving it the focus, and looks at what is left when the browser has answered. */
  async function outcome(said, words) {
    await button().evaluate((one) => {
      document.activeElement.blur();
      one.click();
    });
    await form().locator('button[aria-busy=false]').waitFor();
    assert.equal(await form().getByRole('status').innerText(), said);
    assert.equal(await button().innerText(), words);
    assert(await button().isEnabled());
    assert(await button().evaluate((one) => document.activeElement === one), 'the focus is back');
    assert.equal(await form().locator('[name=credential]').inputValue(), '', 'nothing is sent');
    assert.equal(await page.getByRole('alert').count(), 0, 'no error summary');
  }

  for (const [kind, open, words] of [
    ['create', '/security/passkeys/add', 'Add passkey'],
    ['get', '/login', SIGN_IN],
  ]) {
    const says = OUTCOMES[kind];
    const start = async () => {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await manager.touch(false);
      if (kind === 'get') await page.context().clearCookies();
      await page.goto(open);
      if (kind === 'get') await offered(page);
    };

    test(`JS-2 ${kind}: busy while the browser asks; nobody answers; then as before`, async () => {
      await start();
      const asked = await watchOptions(page, url[kind], (options) => (options.timeout = 1000));
      await button().click();
      await form().locator('button[aria-busy=true]').waitFor();
      assert.equal(await button().innerText(), WAITING);
      assert(await button().isEnabled(), 'it keeps the focus');
      await page.waitForFunction((name) => globalThis.calls.includes(name), kind);
      await button().click();
      await button().press('Enter');
      await form().locator('button[aria-busy=false]').waitFor();
      assert.equal(await form().getByRole('status').innerText(), says.cancelled);
      assert.equal(await button().innerText(), words);
      assert(await button().evaluate((one) => document.activeElement === one));
      assert.equal(await page.evaluate((name) => globalThis.calls.filter((call) => call === name).length, kind), 1);
      assert.deepEqual(await axe(page), []);
      if (kind === 'get') {
        // The silent question is asked again, after the other one.
        await page.waitForFunction(() => globalThis.calls.length === 3);
        assert.deepEqual(await page.evaluate(() => globalThis.calls), ['conditional', 'get', 'conditional']);
        assert.equal(asked.length, 2);
      } else {
        assert.equal(asked.length, 1);
      }
      assert.equal(await page.evaluate(() => globalThis.most), 1);
      assert.deepEqual(await page.evaluate(() => globalThis.failures.filter((name) => name === 'OperationError')), []);
    });

    test(`JS-2 ${kind}: the wrong finger, an address of somebody else`, async () => {
      await start();
      await manager.verify(false);
      await manager.touch(true);
      await outcome(says.cancelled, words);
      await manager.verify(true);

      await start();
      await watchOptions(page, url[kind], (options) => (kind === 'get' ? (options.rpId = 'example.com') : (options.rp.id = 'example.com')));
      await outcome(says.address(server.origin), words);
      assert.equal(await page.evaluate(() => globalThis.failures.includes('SecurityError')), true);
    });

    test(`JS-2 ${kind}: the server out of reach, or too busy`, async () => {
      await start();
      await page.route(url[kind], (route) => route.abort());
      await outcome(says.network, words);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.route(url[kind], (route) => route.fulfill({ status: 503, body: '' }));
      await outcome(says.network, words);
    });

    test(`JS-2 ${kind}: every name a failure can have, and no detail of it`, async () => {
      await start();
      for (const [name, said] of [
        ['NotAllowedError', says.cancelled],
        ['AbortError', ''],
        ['InvalidStateError', says.exists ?? says.cancelled],
        ['SecurityError', says.address(server.origin)],
        ['NotSupportedError', says.kind],
        ['ConstraintError', says.kind],
        ['UnknownError', says.cancelled],
        ['NotReadableError', says.cancelled],
      ]) {
        await page.evaluate((next) => (globalThis.failNext = next), name);
        await outcome(said, words);
        assert(await page.evaluate((last) => globalThis.failures.includes(last), name), name);
      }
    });

    test(`JS-2 ${kind}: after all that, it works`, async () => {
      await start();
      await page.evaluate(() => (globalThis.failNext = 'NotAllowedError'));
      await outcome(says.cancelled, words);
      if (kind === 'create') {
        await manager.touch(true);
        await outcome(says.exists, words); // it is there already
        assert.equal(await page.evaluate(() => globalThis.failures.at(-1)), 'InvalidStateError');
        await manager.remove();
        manager = await found.add('internal');
      }
      await manager.touch(true);
      await press(page, words);
      assert.match(path(page), kind === 'create' ? /\/name$/ : /^\/security$/);
    });
  }

  test('the page is older than its session: it is opened anew, and works', async () => {
    await manager.touch(false);
    await page.context().clearCookies();
    await page.goto('/login');
    await offered(page);
    await page.$$eval('input[name=csrf]', (inputs) => inputs.forEach((input) => (input.value = 'stale')));
    await press(page, SIGN_IN);
    assert.equal(path(page), '/login');
    await offered(page);
    await manager.touch(true);
    await press(page, SIGN_IN);
    assert.equal(path(page), '/security');
  });

  test('SE-4 the page is older than the last proof: that is asked for, and the page follows', async () => {
    await page.goto('/security/passkeys/add');
    await passTime(server);
    await press(page, 'Add passkey');
    assert.equal(path(page), '/confirm');
    assert.deepEqual(await lead(page), [
      "You're about to add a passkey.",
      'Use a passkey you saved: Chrome on macOS or Chrome on macOS 2.',
    ]);
    await press(page, 'Use passkey');
    assert.equal(path(page), '/security/passkeys/add');
    assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
  });

  test('a new passkey that cannot be checked is not added, and its manager forgets it', async () => {
    const before = await storedIds(server, BEA);
    const usb = await found.add('usb');
    await manager.touch(false);
    found.deleted.length = 0;
    await page.goto('/security/passkeys/add');
    await usb.spoil({ isBadUV: true });
    await refused(page, await press(page, 'Add passkey'), "The passkey couldn't be checked, so it was not added.");
    await usb.spoil({});
    assert.equal(path(page), '/security/passkeys/add');
    const { rpId, credentialId } = JSON.parse(await page.locator('main').getAttribute('data-signal-unknown'));
    assert.equal(rpId, 'localhost');
    assert(!before.includes(credentialId));
    assert.deepEqual(found.deleted, [credentialId]);
    assert.deepEqual(await usb.ids(), []);
    assert.deepEqual(await storedIds(server, BEA), before);
    assert(await page.getByRole('button', { name: 'Add passkey' }).isVisible(), 'and it can be tried again');
    assert.deepEqual(await axe(page), []);
    await usb.remove();
  });

  test('one that answers a question of somebody else is not added, and forgotten with the next list', async () => {
    const before = await storedIds(server, BEA);
    const usb = await found.add('usb');
    await manager.touch(false);
    found.deleted.length = 0;
    await page.goto('/security/passkeys/add');
    await watchOptions(page, url.create, (options) => (options.challenge = Buffer.alloc(32, 7).toString('base64url')));
    await refused(page, await press(page, 'Add passkey'), "The passkey couldn't be checked, so it was not added.");
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    // The same answer may be on its way to being stored: of one passkey alone nothing is said.
    assert.equal(await page.locator('main').getAttribute('data-signal-unknown'), null);
    assert.deepEqual(await storedIds(server, BEA), before);
    await page.goto('/security');
    await page.waitForTimeout(200);
    assert.deepEqual(await usb.ids(), []);
    assert.equal(found.deleted.length, 1);
    await usb.remove();
  });
});

describe('what passkey managers are told', { skip }, () => {
  const CLEO = 'cleo@example.com';
  const GRACE = 'grace@example.com';
  let page, found, manager, codes;
  before(async () => {
    await createUser(server, CLEO, { password: PASSWORD });
    await createUser(server, GRACE, { first: 'Grace', last: 'Hopper', password: PASSWORD });
    page = await browser.newPage({ userAgent: MAC });
    await page.addInitScript(neverOffer);
    found = await authenticators(page);
    manager = await found.add('internal');
    await signIn(page, CLEO);
    await addPasskey(page);
    await page.getByRole('link', { name: 'Keep this name' }).click();
    codes = await page.locator('.codes li').allInnerTexts();
    await press(page, "I've saved my codes");
  });
  after(async () => {
    await page.close();
  });

  const told = async () => JSON.parse(await page.locator('main').getAttribute('data-signal-all'));

  test('SG-1 SG-2 the whole list, in base64url without padding', async () => {
    const key = await found.add('usb');
    await addPasskey(page, 'Add a security key');
    await page.goto('/security');
    const [{ handle }] = await rows(server, `SELECT hex(passkey_handle) AS handle FROM users WHERE email = '${CLEO}'`);
    const stored = await storedIds(server, CLEO);
    assert.equal(stored.length, 2);
    const userId = Buffer.from(handle, 'hex').toString('base64url');
    assert.deepEqual(await told(), { rpId: 'localhost', userId, allAcceptedCredentialIds: stored });
    assert.deepEqual(JSON.parse(await page.locator('main').getAttribute('data-signal-user')), {
      rpId: 'localhost', userId, name: CLEO, displayName: 'Ada Byron',
    });
    assert.match(userId, /^[\w-]{22}$/);
    assert.deepEqual([...(await manager.ids()), ...(await key.ids())], stored, 'all of them stay');
    await key.remove();
  });

  test('SG-4 nothing before the sign-in is complete, and no list of somebody without one', async () => {
    const other = await browser.newPage();
    const signals = other.locator('[data-signal-all], [data-signal-user], [data-signal-unknown]');
    for (const open of [() => other.goto('/login'), () => signIn(other, CLEO), () => other.goto('/login/recover'), () => other.goto('/help')]) {
      await open();
      assert.equal(await signals.count(), 0, other.url());
    }
    await other.context().clearCookies();
    await signIn(other, GRACE);
    assert.equal(path(other), '/security');
    assert.equal(await signals.count(), 0, 'she never had any');
    await other.close();
  });

  test('a browser that takes no such hints shows the page all the same', async () => {
    const other = await browser.newPage({ storageState: await page.context().storageState() });
    await other.addInitScript(() => {
      for (const name of ['signalAllAcceptedCredentials', 'signalCurrentUserDetails', 'signalUnknownCredential', 'getClientCapabilities']) {
        if (globalThis.PublicKeyCredential) delete PublicKeyCredential[name];
      }
    });
    await other.goto('/security', { waitUntil: 'networkidle' });
    assert.equal(await other.evaluate(() => 'signalAllAcceptedCredentials' in PublicKeyCredential), false);
    assert.equal(await heading(other), 'Security');
    await other.close();
  });

  test('4.4 another name of the account reaches the passkey', async () => {
    const { body: login } = await api(server, 'POST', '/user/login', { body: { email: CLEO, password: PASSWORD } });
    const { body: full } = await api(server, 'POST', '/mfa/verify-login', {
      token: login.accessToken, body: { mfaType: 'PASSKEY', code: codes[0] },
    });
    const [{ id }] = await rows(server, `SELECT id FROM users WHERE email = '${CLEO}'`);
    const changed = await api(server, 'PUT', `/user/${id}`, {
      token: full.fullAccessToken, body: { name: 'Augusta', lastName: 'King', currentPassword: PASSWORD },
    });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal((await manager.passkeys())[0].userDisplayName, 'Ada Byron');
    found.updated.length = 0;
    await page.goto('/security', { waitUntil: 'networkidle' });
    const [passkey] = await manager.passkeys();
    assert.deepEqual([passkey.userName, passkey.userDisplayName], [CLEO, 'Augusta King']);
    assert.equal(found.updated.at(-1).userDisplayName, 'Augusta King');
  });

  test('SG-1 a passkey that was removed elsewhere is gone at the next visit, one of another account is not', async () => {
    await press(page, 'Sign out');
    await firstPasskey(page, GRACE);
    const [cleos] = await storedIds(server, CLEO);
    const [graces] = await storedIds(server, GRACE);
    assert.deepEqual((await manager.ids()).sort(), [cleos, graces].sort());
    await sql(server, `DELETE FROM passkeys WHERE ${ofUser(GRACE)}`);
    await page.goto('/security', { waitUntil: 'networkidle' });
    assert.deepEqual((await told()).allAcceptedCredentialIds, []);
    assert.deepEqual(await manager.ids(), [cleos]);
    assert.deepEqual(found.deleted, [graces]);
  });
});

describe('what passkey managers ask for', { skip }, () => {
  const RELATED = 'https://example.co.uk,https://example.de';
  let related;
  before(async () => {
    related = await startServer({ settings: { COUNTERSIGN_RELATED_ORIGINS: RELATED } });
  });
  after(() => related.stop());

  const get = (from, where) => fetch(`${from.origin}/.well-known/${where}`, { redirect: 'manual' });

  test('WK-1 where passkeys are added and kept', async () => {
    const answer = await get(server, 'passkey-endpoints');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.deepEqual(await answer.json(), {
      enroll: `${server.origin}/security/passkeys/add`,
      manage: `${server.origin}/security#passkeys`,
    });
  });

  test('WK-2 where the password is changed', async () => {
    const answer = await get(server, 'change-password');
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/security/password');
    assert.equal(answer.headers.get('set-cookie'), null);
  });

  test('WK-3 what is not there is not there', async () => {
    const answer = await get(server, 'resource-that-should-not-exist-whose-status-code-should-not-be-200');
    assert.equal(answer.status, 404);
  });

  test('WK-4 the related origins, where there are any', async () => {
    assert.equal((await get(server, 'webauthn')).status, 404);
    const answer = await get(related, 'webauthn');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.deepEqual(await answer.json(), { origins: RELATED.split(',') });
  });
});

describe('the doors as they look', { skip }, () => {
  const DORA = 'dora@example.com';

  test('V-1 FR-10 signing in, the second step and the step-up, and a question that was cancelled', async () => {
    await createUser(server, DORA, { password: PASSWORD });
    const page = await browser.newPage({ userAgent: MAC });
    const manager = await (await authenticators(page)).add('internal');
    await firstPasskey(page, DORA);
    await manager.touch(false);
    await press(page, 'Sign out');
    await look(page, 'login');
    await signIn(page, DORA);
    assert.equal(path(page), '/login/verify');
    await look(page, 'verify');
    await watchOptions(page, '**/login/verify/options', (options) => (options.timeout = 500));
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await look(page, 'verify-waiting');
    await page.getByRole('status').filter({ hasText: 'Nothing was sent' }).waitFor();
    await look(page, 'verify-cancelled');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await manager.touch(true);
    await press(page, 'Use passkey');
    await passTime(server);
    await page.goto('/security/passkeys/add');
    assert.equal(path(page), '/confirm');
    await look(page, 'confirm');
    await press(page, 'Use passkey');
    await look(page, 'add');
    await page.close();
  });
});
