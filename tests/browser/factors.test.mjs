// One person's second factor, with and without JavaScript: an authenticator app that is scanned, backup codes that are
// saved, signing in with either, moving, turning off and removing; and what the page, the API and the command line say
// after each step.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser, skip, startServer } from './harness.mjs';
import { Authenticator, MAC, PASSWORD, WINDOWS, api, createUser, enterCode, giveApp, press, scan, signIn, sql } from './people.mjs';

const ADA = 'ada@example.com';
const CODE = /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/;
const SET_UP = 'Set up an authenticator app';
const TURN_ON = 'Turn on authenticator app';
const WRONG = 'That code is not right. Codes change every 30 seconds; enter the newest one.';

const flash = (page) => page.getByRole('status').first().innerText();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
const badge = (page) => page.locator('.page-head .badge').innerText();
const sentence = (page) => page.locator('.page-head .lead').innerText();
const notice = (page) => page.locator('.notice p').innerText();
const shownCodes = (page) => page.locator('.codes li').allInnerTexts();

/** The form was refused with this, in the summary and at its field, and asks again from the start (CF-7). */
async function refused(page, response, problem, status = 400) {
  assert.equal(response.status(), status);
  assert.match(await page.title(), /^Error: /);
  const [said, ...more] = await page.getByRole('alert').getByRole('listitem').allInnerTexts();
  if (problem instanceof RegExp) assert.match(said, problem);
  else assert.equal(said, problem);
  assert.deepEqual(more, []);
  assert.equal(await page.locator('#code-error').textContent(), `Error: ${said}`);
  assert.equal(await page.locator('#code').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator('#code').inputValue(), '');
  assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
  return said;
}

for (const js of [true, false]) {
  describe(`N-1 the second factor with JavaScript ${js ? 'on' : 'off'}`, { skip }, () => {
    let server, browser, page, other, app, codes;
    before(async () => {
      server = await startServer();
      browser = await launchBrowser(server.origin);
      await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
      page = await browser.newPage({ js, userAgent: MAC, permissions: ['clipboard-read', 'clipboard-write'] });
      other = await browser.newPage({ js, userAgent: WINDOWS });
      await signIn(other, ADA);
      await signIn(page, ADA);
    });
    after(async () => {
      await page.close();
      await other.close();
      await browser.close();
      await server.stop();
    });

    // The clock of a real server cannot be moved, so what it remembers is made older.
    const ofAda = `user_id = (SELECT id FROM users WHERE email = '${ADA}')`;
    const passTime = () => sql(server, `
      UPDATE totp_secrets SET last_step = last_step - 10;
      UPDATE sessions SET password_at = strftime('%Y-%m-%d %H:%M:%f', password_at, '-11 minutes'),
        factor_at = strftime('%Y-%m-%d %H:%M:%f', factor_at, '-11 minutes')`);
    const wait = () => {
      app.last = 0;
      return sql(server, 'UPDATE totp_secrets SET last_step = last_step - 10');
    };

    /** The page, the API and the command line tell one status, and it is this one. */
    async function status(expected) {
      await page.goto('/security');
      const { sessionVerified, live, stale, staleAction, ...data } = await page.locator('main').evaluate((main) => ({ ...main.dataset }));
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
      for (const [name, value] of Object.entries(expected.facts ?? {})) assert.deepEqual(fromApi[name], value, name);
      assert.equal(await badge(page), expected.badge);
      assert.equal(await sentence(page), expected.sentence);
      assert.equal(await page.locator('.notice').count(), expected.notice ? 1 : 0);
      if (expected.notice) assert.equal(await notice(page), expected.notice);
    }

    /** Signs out and in again, up to the second step. */
    async function toSecondStep(to = '/security') {
      await page.goto('/help');
      await press(page, 'Sign out');
      await page.goto(to);
      await page.getByLabel('Email address').fill(ADA);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await press(page, 'Sign in');
      assert.equal(path(page), '/login/verify');
    }

    // --- Setting up ---

    test('ST-4 nothing is set up', async () => {
      await status({ badge: 'Off', sentence: 'Your account is protected by a password only.', facts: { isEnabled: false, enabledMethods: [] } });
      assert.equal(await page.locator('#codes').getByRole('button').count(), 0, 'codes come after a method');
    });

    test('AP-8 AP-1 AP-2 the QR code scans, and link and key say the same', async () => {
      await press(page, SET_UP);
      assert.equal(await heading(page), SET_UP);
      assert.equal((await page.reload()).headers()['cache-control'], 'no-store', 'FR-9');
      const scanned = await scan(page);
      app = new Authenticator(scanned);
      assert.equal(await page.getByRole('link', { name: 'Open in your authenticator app' }).getAttribute('href'), scanned);
      const uri = new URL(scanned);
      assert.equal(decodeURIComponent(`${uri.host}${uri.pathname}`), `totp/Countersign:${ADA}`);
      assert.equal(uri.searchParams.get('issuer'), 'Countersign');
      assert(app.secret.length >= 20, `${app.secret.length * 8} bits`);
      const key = await page.locator('.key').innerText();
      assert.match(key, /^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/);
      assert.equal(key.replaceAll(' ', ''), uri.searchParams.get('secret'));
      const plate = await page.locator('svg.qr rect').evaluate((rect) => [rect.getAttribute('fill'), rect.width.baseVal.value]);
      assert.equal(plate[0], '#ffffff');
      await page.getByText('Settings for manual entry').click();
      for (const setting of ['Time based', '6', '30 seconds', 'SHA-1', ADA, 'Countersign']) {
        assert(await page.getByRole('definition').getByText(setting, { exact: true }).isVisible(), setting);
      }
    });

    test('AP-3 looking again shows the same code, and nothing is on yet', async () => {
      await page.reload();
      assert.deepEqual(new Authenticator(await scan(page)).secret, app.secret);
      await status({ badge: 'Off', sentence: 'Your account is protected by a password only.', facts: { isEnabled: false } });
      await page.goto('/security/app');
      assert.deepEqual(new Authenticator(await scan(page)).secret, app.secret);
    });

    if (js) {
      test('the key is copied, and that is announced', async () => {
        await page.getByRole('button', { name: 'Copy set-up key' }).click();
        await page.getByRole('status').filter({ hasText: 'Copied the set-up key' }).waitFor();
        assert.deepEqual(new Authenticator(`otpauth://totp/x?secret=${await page.evaluate(() => navigator.clipboard.readText())}`).secret, app.secret);
      });
    }

    test('AP-4 A-8 CF-7 a wrong code says why, and the QR code stays', async () => {
      for (const [typed, problem] of [
        ['', 'Enter the code from your authenticator app'],
        ['12345', 'Enter all 6 digits of the code'],
        ['1234567', 'Enter all 6 digits of the code'],
        ['12345a', 'The code has numbers only'],
        [app.wrong(), WRONG],
        // A little less than five minutes old, so that the step may change in between.
        [() => app.at(Date.now() / 1000 - 276), "That code is not right. Your phone's clock is about 5 minutes behind. Set it automatically, then enter the newest code."],
      ]) {
        await refused(page, await enterCode(page, typeof typed === 'string' ? typed : typed(), TURN_ON), problem);
        assert.equal(path(page), '/security/app/code');
        assert.deepEqual(new Authenticator(await scan(page)).secret, app.secret);
      }
    });

    test('AP-3 a set-up that ran out begins again', async () => {
      await sql(server, `UPDATE totp_setups SET expires_at = created_at WHERE ${ofAda}`);
      await enterCode(page, await app.code(), TURN_ON);
      assert.equal(await flash(page), 'This set-up expired. Here is a new code to scan.');
      const next = new Authenticator(await scan(page));
      assert.notDeepEqual(next.secret, app.secret);
      app = next;
    });

    let proved;
    test('AP-7 CF-2 the first app leads to backup codes; other devices are signed out', async () => {
      assert.match(await page.locator('.consequence').innerText(), /^This turns multi-factor authentication on\./);
      proved = app.newest();
      await enterCode(page, ` ${proved.slice(0, 3)}\u00a0${proved.slice(3)} `, TURN_ON);
      assert.equal(path(page), '/security/codes', await heading(page));
      assert.equal(await flash(page), 'Your authenticator app works. Multi-factor authentication is on and all other devices are signed out.');
      assert.equal(await heading(page), 'Save your backup codes');
      await other.goto('/security');
      assert.equal(await heading(other), 'Sign in');
    });

    // At once: a minute later the code would be refused for its age.
    test('AP-5 the code that proved the app does not sign in', async () => {
      await signIn(other, ADA);
      await refused(other, await enterCode(other, proved), 'That code was already used. Wait for the next one.');
    });

    // --- Backup codes ---

    test('BC-1 BC-4 ten codes, with the account and the date, on the page and in the file', async () => {
      codes = await shownCodes(page);
      assert.equal(new Set(codes).size, 10);
      for (const code of codes) assert.match(code, CODE);
      const facts = await page.locator('.card .facts').innerText();
      const date = await page.locator('.card time').innerText();
      assert(facts.includes(ADA), facts);
      assert.match(date, /^\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC$/);
      assert.match(await page.locator('.card h2').innerText(), /Countersign/);

      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download codes' }).click()]);
      assert.equal(download.suggestedFilename(), 'countersign-backup-codes-ada-example-com.txt');
      const file = await readFile(await download.path(), 'utf8');
      assert.deepEqual(file.split('\n').filter((line) => CODE.test(line)), codes);
      for (const words of ['Countersign', ADA, date]) assert(file.includes(words), words);
      for (const where of ['/security/codes', '/security/codes/file']) {
        const { headers } = await page.request.get(where).then((response) => ({ headers: response.headers() }));
        assert.equal(headers['cache-control'], 'no-store', where);
      }
    });

    test('BC-2 nothing has to be pressed first', async () => {
      const saved = page.getByRole('button', { name: "I've saved my codes" });
      assert(await saved.isEnabled());
      assert.equal(await page.locator('input:not([type=hidden])').count(), 0);
    });

    if (js) {
      test('BC-7 copying is announced, and so is that it is blocked', async () => {
        const copy = page.getByRole('button', { name: 'Copy codes' });
        await copy.click();
        await page.getByRole('status').filter({ hasText: /^Copied 10 codes$/ }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.deepEqual(copied.split('\n').filter((line) => CODE.test(line)), codes);
        assert(copied.includes(ADA));
        await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('blocked'))));
        await copy.click();
        await page.getByRole('status').filter({ hasText: 'Copying is blocked in this browser. Select the codes and copy them.' }).waitFor();
        await page.evaluate(() => (window.print = () => (document.title = 'printed')));
        await page.getByRole('button', { name: 'Print codes' }).click();
        assert.equal(await page.title(), 'printed');
        await page.reload();
      });
    } else {
      test('BC-7 without JavaScript there is no button that does nothing', async () => {
        assert.deepEqual(await page.locator('main button:visible').allInnerTexts(), ["I've saved my codes"]);
      });
    }

    test('BC-6 V-7 on paper: one page, with the codes, the account and the date, and nothing to press', async () => {
      await page.emulateMedia({ media: 'print' });
      const text = await page.locator('body').innerText();
      const date = await page.locator('.card time').innerText();
      const pressable = await page.locator('a:visible, button:visible, header:visible, footer:visible, .flash:visible').allInnerTexts();
      await page.emulateMedia({ media: null });
      for (const words of [...codes, ADA, date, 'Countersign backup codes', 'Keep this somewhere safe and private.']) {
        assert(text.includes(words), words);
      }
      assert.deepEqual(pressable, []);
      const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\d+\.?$/.test(line.trim()));
      assert(lines.length <= 17, `more than the sheet: ${lines.join(' | ')}`);
      if (!js) return; // Chromium prints the same, and only from where script runs
      for (const format of ['A4', 'Letter']) {
        const pdf = (await page.pdf({ format })).toString('latin1');
        assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, format);
      }
    });

    test('BC-3 who leaves without pressing the button is told so', async () => {
      await page.goto('/security');
      const line = page.locator('#codes .alert');
      assert.match(await line.innerText(), /^You created backup codes on \d{1,2} \w{3} \d{4} but did not say you saved them\.$/);
      assert(await page.locator('#codes').getByRole('link', { name: 'Create new codes' }).isVisible());
      await page.goto('/security/codes');
      assert.deepEqual(await shownCodes(page), codes);
      await press(page, "I've saved my codes");
      assert.equal(await flash(page), 'Backup codes saved.');
      assert.equal(path(page), '/security');
      assert.equal(await line.count(), 0);
    });

    test('BC-8 they are shown once', async () => {
      await page.goBack();
      if (path(page) !== '/security/codes') await page.goto('/security/codes');
      assert.equal(await heading(page), 'These codes were shown once');
      assert.deepEqual(await shownCodes(page), []);
      await page.goto('/security/codes/file');
      assert.equal(await heading(page), 'These codes were shown once');
    });

    test('ST-9 BC-5 everybody says that it is on', async () => {
      await status({
        badge: 'On',
        sentence: "You confirm it's you with an authenticator app after your password.",
        facts: { isEnabled: true, primaryMethod: 'GOOGLE_AUTH', backupCodesLeft: 10 },
      });
      assert.match(await page.locator('#codes .purpose').innerText(), /^10 of 10 left, created \d{1,2} \w{3} \d{4}$/);
      assert.match(await page.locator('#app .purpose').innerText(), /^On since /);
      assert.equal(await page.locator('#primary .purpose').innerText(), 'Authenticator app is your only method, so it comes first.');
    });

    // --- Signing in ---

    test('VE-2 VE-3 VE-4 CF-1 CF-4 CF-8 A-10 the second step asks for the app and offers what else there is', async () => {
      await toSecondStep();
      assert.equal(await heading(page), "Confirm it's you");
      assert.match(await page.locator('main .lead').innerText(), new RegExp(`^Signed in as ${ADA}\\.\\s+Not you\\? Use another account$`));
      const field = page.getByLabel('Code from your authenticator app');
      const attributes = await field.evaluate((input) => Object.fromEntries([...input.attributes].map(({ name, value }) => [name, value])));
      assert.deepEqual(attributes, {
        class: 'code', id: 'code', name: 'code', type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code',
        autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'code-hint', autofocus: '',
      });
      assert.equal(await page.locator(':focus').getAttribute('id'), 'code');
      const { family, width, size } = await field.evaluate((input) => {
        const style = getComputedStyle(input);
        return { family: style.fontFamily, width: input.clientWidth, size: parseFloat(style.fontSize) };
      });
      assert.match(family, /monospace/);
      assert(width > 9 * size, `${width} px for 6 digits of ${size} px and an icon`);

      const offered = () => page.locator('.others a').allInnerTexts();
      assert.deepEqual(await offered(), ['Backup code']);
      await page.reload();
      assert.deepEqual(await offered(), ['Backup code']);
      await page.getByRole('link', { name: 'Backup code' }).click();
      const code = page.getByLabel('Backup code');
      assert.deepEqual([await code.getAttribute('autocomplete'), await code.getAttribute('inputmode')], ['off', null]);
      assert.deepEqual(await offered(), ['Authenticator app']);
      await page.getByRole('link', { name: 'Authenticator app' }).click();
    });

    test('A-8 VE-6 CF-3 what cannot be a code is told apart, and does not count', async () => {
      for (const [typed, problem] of [
        ['', 'Enter the code from your authenticator app'],
        [' - ', 'Enter the code from your authenticator app'],
        ['12345', 'Enter all 6 digits of the code'],
        ['0123456', 'Enter all 6 digits of the code'],
        ['12345a', 'The code has numbers only'],
      ]) {
        for (let i = 0; i < 2; i += 1) await refused(page, await enterCode(page, typed), problem);
      }
      // Ten of them, and still all five tries.
      const zeros = app.wrong();
      assert.match(zeros, /^0/);
      await refused(page, await enterCode(page, zeros), WRONG);
    });

    test('CF-2 CF-5 CF-6 A-2 a code as phones write it, pasted, and sent with Enter to where it was going', async () => {
      await toSecondStep('/security/activity?page=1');
      const code = await app.code();
      const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
      const typed = `${wide.slice(0, 3)} ${wide.slice(3)}`;
      if (js) {
        await page.evaluate((text) => navigator.clipboard.writeText(text), typed);
        await page.keyboard.press('Control+v');
        assert.equal(await page.locator('#code').inputValue(), typed);
        await sleep(300);
        assert.equal(path(page), '/login/verify', 'nothing is sent by itself');
      } else {
        await page.locator('#code').fill(typed);
      }
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      assert.equal(page.url(), `${server.origin}/security/activity?page=1`);
      const rows = await page.locator('tbody th').allInnerTexts();
      assert.deepEqual(rows.slice(0, 3), ['Signed in with authenticator app', 'Password accepted, second step asked for', 'Signed out']);
      assert(rows.includes('Authenticator code refused: already used') && rows.includes('Wrong authenticator code'));
      await page.goto('/security');
      assert.match(await page.locator('#devices li').first().innerText(), /with password and authenticator app/);
    });

    test('who owes the second step gets nowhere else, and can go', async () => {
      await toSecondStep();
      for (const where of ['/security', '/security/codes', '/security/app/remove', '/']) {
        await page.goto(where);
        assert.equal(path(page), '/login/verify', where);
      }
      await page.getByRole('link', { name: "I can't use any of these" }).click();
      assert.equal(await heading(page), 'Get back into your account');
      await page.getByRole('link', { name: 'Enter a backup code' }).click();
      assert(await page.getByLabel('Backup code').isVisible());
      await press(page, 'Use another account');
      assert.equal(path(page), '/login');
    });

    test('VE-7 three wrong codes: the clock; five: a wait, also for the right one', async () => {
      await signIn(page, ADA);
      await sql(server, 'DELETE FROM mfa_attempts');
      const wrong = app.wrong();
      const clock = ' If it keeps failing, check that the clock on your phone is set automatically.';
      await refused(page, await enterCode(page, wrong), WRONG);
      await refused(page, await enterCode(page, wrong), WRONG);
      await refused(page, await enterCode(page, wrong), `${WRONG}${clock} You have 2 tries left.`);
      await refused(page, await enterCode(page, wrong), `${WRONG}${clock} You have 1 try left.`);
      const fifth = await enterCode(page, wrong);
      await refused(page, fifth, /Too many tries\. Try again after \d\d:\d\d UTC\.$/);
      const sixth = await enterCode(page, await app.code());
      const said = await refused(page, sixth, /^Too many tries\. Try again after \d\d:\d\d UTC\.$/, 429);
      const seconds = Number(sixth.headers()['retry-after']);
      assert(seconds > 850 && seconds <= 900, `Retry-After ${seconds}`);
      const [hours, minutes] = said.match(/\d\d/g).map(Number);
      const until = new Date();
      until.setUTCHours(hours, minutes, 0, 0);
      if (until < Date.now() - 43_200_000) until.setUTCDate(until.getUTCDate() + 1); // over midnight
      assert(until - Date.now() > (seconds - 5) * 1000, 'not before the wait is over');
      await page.getByRole('link', { name: 'Backup code' }).click();
      await refused(page, await enterCode(page, codes[8]), /^Too many tries\. /, 429);
      await sql(server, 'DELETE FROM mfa_attempts');
    });

    test('VE-8 BC-4 a backup code signs in, however it is typed, and the page says what to do next', async () => {
      await page.goto('/login/verify?method=code');
      for (const [typed, problem] of [
        ['', 'Enter one of your backup codes'],
        ['7K3QM', 'Enter all 10 letters and digits of the backup code'],
        ['00000-00000', 'That backup code is not right. Check for letters that look alike.'],
      ]) {
        await refused(page, await enterCode(page, typed), problem);
        assert(await page.getByLabel('Backup code').isVisible());
      }
      const typed = codes[0].toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
      await enterCode(page, typed);
      assert.equal(path(page), '/security');
      assert.equal(await notice(page), 'You signed in with a backup code. 9 left. If your phone or passkey is gone, remove it below and add a new one.');
      await page.reload();
      assert.equal(await page.locator('.notice').count(), 0);
      assert.match(await page.locator('#devices li').first().innerText(), /with password and backup code/);

      await toSecondStep();
      await page.getByRole('link', { name: 'Backup code' }).click();
      await refused(page, await enterCode(page, codes[0]), 'That backup code was already used. Use another one.');
      await page.getByRole('link', { name: 'Authenticator app' }).click();
      await wait();
      await enterCode(page, await app.code());
      assert.equal(path(page), '/security');
    });

    // --- The step-up ---

    test('SU-1 SU-2 SU-3 an old proof is asked for again, with the app, and what was asked for follows', async () => {
      await page.goto('/security/app/remove');
      assert.equal(await heading(page), 'Turn off multi-factor authentication?', 'a fresh proof is enough');

      await passTime();
      app.last = 0;
      await page.goto('/security/mfa/off');
      assert.equal(await heading(page), "Confirm it's you");
      assert.equal(await page.locator('main .lead').innerText(), "You're about to turn off multi-factor authentication.");
      assert.equal(await page.getByLabel('Password', { exact: true }).count(), 0, 'the app is asked for, not the password');
      await refused(page, await enterCode(page, app.wrong(), 'Confirm with code'), WRONG);
      assert.equal(await page.locator('main .lead').innerText(), "You're about to turn off multi-factor authentication.");
      await enterCode(page, await app.code(), 'Confirm with code');
      assert.equal(await heading(page), 'Turn off multi-factor authentication?');
      assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
      await page.getByRole('link', { name: 'Keep it on' }).click();
      assert.equal(await badge(page), 'On');

      await page.goto('/security');
      await passTime();
      app.last = 0;
      await press(page, 'Move to a new phone');
      assert.equal(await page.locator('main .lead').innerText(), "You're about to set up an authenticator app.");
      await page.getByRole('link', { name: 'Cancel' }).click();
      assert.equal(path(page), '/security');
      await press(page, 'Move to a new phone');
      await enterCode(page, await app.code(), 'Confirm with code');
      assert.equal(path(page), '/security');
      assert.equal(await flash(page), 'Confirmed. Finish what you were about to do.');
    });

    test('SU-2 a backup code confirms what somebody needs who lost the phone, and no more', async () => {
      await passTime();
      app.last = 0;
      await page.goto('/security/app/remove');
      await page.getByRole('link', { name: 'Backup code' }).click();
      assert.equal(await page.locator('main .lead').innerText(), "You're about to remove your authenticator app.");
      await enterCode(page, codes[1], 'Confirm with code');
      assert.equal(await heading(page), 'Turn off multi-factor authentication?');
      await page.goto('/security');
      await wait();
      await page.goto('/confirm?next=/security');
      await enterCode(page, await app.code(), 'Confirm with code');
    });

    // --- A new phone ---

    test('AP-6 moving: the old app works until the new one is proved', async () => {
      await press(page, 'Move to a new phone');
      assert.equal(await heading(page), 'Move to a new phone');
      assert.match(await page.locator('main .lead').innerText(), /^Your current app keeps working/);
      const old = app;
      const next = new Authenticator(await scan(page));
      assert.notDeepEqual(next.secret, old.secret);
      await refused(page, await enterCode(page, next.wrong(), TURN_ON), WRONG);

      await wait();
      await signIn(other, ADA);
      await enterCode(other, await old.code());
      assert.equal(path(other), '/security', 'the old one');

      await enterCode(page, await next.code(), TURN_ON);
      assert.equal(path(page), '/security');
      assert.equal(await flash(page), "Your new authenticator app works. The one before it doesn't any more.");
      app = next;

      await press(other, 'Sign out');
      await signIn(other, ADA);
      await refused(other, await enterCode(other, await old.code()), WRONG);
      await enterCode(other, await app.code());
      assert.equal(path(other), '/security', 'the new one');
      await status({
        badge: 'On',
        sentence: "You confirm it's you with an authenticator app after your password.",
        facts: { backupCodesLeft: 8 },
      });
    });

    // --- New codes ---

    test('ST-7 BC-5 few codes left; new ones replace them', async () => {
      await sql(server, `UPDATE users SET backup_codes_left = 3 WHERE email = '${ADA}'`);
      await status({
        badge: 'On',
        sentence: "You confirm it's you with an authenticator app after your password.",
        notice: 'You have 3 backup codes left.',
        facts: { backupCodesLeft: 3 },
      });
      await page.locator('.notice').getByRole('link', { name: 'Create new codes' }).click();
      assert.equal(await heading(page), 'Create new backup codes?');
      assert.equal(await page.locator('.consequence').innerText(), 'Your 3 unused codes stop working.');
      await page.getByRole('link', { name: 'Keep the current ones' }).click();
      await page.locator('#codes').getByRole('link', { name: 'Create new codes' }).click();
      await press(page, 'Create new codes');
      assert.equal(await flash(page), '10 backup codes created.');
      const before = codes;
      codes = await shownCodes(page);
      assert.equal(new Set([...codes, ...before]).size, 20);
      await press(page, "I've saved my codes");

      await toSecondStep();
      await page.getByRole('link', { name: 'Backup code' }).click();
      await refused(page, await enterCode(page, before[5]), 'That backup code is not right. Check for letters that look alike.');
      await enterCode(page, codes[5]);
      assert.match(await notice(page), /^You signed in with a backup code\. 9 left\./);
    });

    test('ST-5 one method and no codes: one way in', async () => {
      await sql(server, `UPDATE users SET backup_codes_left = NULL WHERE email = '${ADA}'; DELETE FROM backup_code_sets WHERE ${ofAda}`);
      await status({
        badge: 'On',
        sentence: 'You have one way to sign in.',
        notice: 'If you lose it, you lose access. Add a second method or create backup codes.',
        facts: { isEnabled: true },
      });
      await press(page, page.locator('.notice').getByRole('button', { name: 'Create backup codes' }));
      codes = await shownCodes(page);
      assert.equal(codes.length, 10);
      await press(page, "I've saved my codes");
    });

    // --- Off, on, first, gone ---

    test('ST-3 off and on again, with everything kept', async () => {
      await wait();
      await page.goto('/confirm?next=/security');
      await enterCode(page, await app.code(), 'Confirm with code');
      await page.getByRole('link', { name: 'Turn off' }).click();
      assert.match(await page.locator('main .card').innerText(), /You will sign in with your password only\. Your passkeys and other methods stay saved\./);
      await press(page, 'Turn off');
      assert.equal(await flash(page), 'Multi-factor authentication is off. All other devices are signed out; your methods stay saved.');
      await other.goto('/security');
      assert.equal(await heading(other), 'Sign in');
      await status({
        badge: 'Off',
        sentence: '1 method is saved, but you are not asked for it when you sign in.',
        facts: { isEnabled: false, enabledMethods: [] },
      });
      await signIn(other, ADA);
      assert.equal(path(other), '/security', 'the password is enough');

      await press(page, 'Turn on');
      assert.equal(await flash(page), 'Multi-factor authentication is on. All other devices are signed out.');
      await status({
        badge: 'On',
        sentence: "You confirm it's you with an authenticator app after your password.",
        facts: { isEnabled: true, backupCodesLeft: 10 },
      });
      await other.goto('/security');
      assert.equal(await heading(other), 'Sign in');
    });

    test('ST-6 PM-1 PM-2 VE-1 VE-2 two methods: which comes first, and what follows when it goes', async () => {
      const passkey = `INSERT INTO factors (id, user_id, method, verified_at, enabled, created_at)
        SELECT 'passkey', id, 'passkey', created_at, TRUE, created_at FROM users WHERE email = '${ADA}'`;
      await sql(server, `${passkey}; UPDATE users SET backup_codes_left = 0 WHERE email = '${ADA}'`);
      await status({
        badge: 'On',
        sentence: "You confirm it's you with an authenticator app after your password.",
        notice: 'You have used all your backup codes.',
        facts: { primaryMethod: 'GOOGLE_AUTH', backupCodesLeft: 0 },
      });
      await page.getByRole('link', { name: 'Change primary method' }).click();
      if (await heading(page) === "Confirm it's you") {
        await wait();
        await enterCode(page, await app.code(), 'Confirm with code');
      }
      const radios = page.getByRole('group', { name: 'Which one should we ask for first?' }).getByRole('radio');
      assert.equal(await radios.count(), 2);
      assert(await page.getByRole('radio', { name: 'Authenticator app' }).isChecked());
      await page.getByRole('radio', { name: 'Passkey' }).check();
      await press(page, 'Save choice');
      assert.equal(await flash(page), 'Primary method changed. We ask for a passkey first.');
      await status({
        badge: 'On',
        sentence: "You confirm it's you with a passkey after your password.",
        notice: 'You have used all your backup codes.',
        facts: { primaryMethod: 'PASSKEY' },
      });

      await signIn(other, ADA);
      if (js) await other.getByRole('link', { name: 'Authenticator app' }).click();
      else assert.equal(await other.locator('noscript .lead').innerText(), 'Your passkey needs JavaScript. Here is another way.');
      assert(await other.locator('#code').isVisible());

      await page.goto('/security/primary');
      await page.getByRole('radio', { name: 'Authenticator app' }).check();
      await press(page, 'Save choice');
      await page.getByRole('link', { name: 'Remove an authenticator app' }).click();
      assert.equal(await heading(page), 'Remove authenticator app?');
      assert.match(await page.locator('main .card').innerText(), /You can still sign in with: a passkey\. After this you will use a passkey instead\./);
      await press(page, 'Remove authenticator app');
      assert.equal(await flash(page), 'Authenticator app removed. From now on we ask for a passkey first. All other devices are signed out.');
      await status({
        badge: 'On',
        sentence: 'You have one way to sign in.',
        notice: 'If you lose it, you lose access. Add a second method or create backup codes.',
        facts: { enabledMethods: ['PASSKEY'], primaryMethod: 'PASSKEY' },
      });
    });
  });
}

describe('the last method', { skip }, () => {
  let server, browser, page, app;
  before(async () => {
    server = await startServer();
    browser = await launchBrowser(server.origin);
    await createUser(server, ADA, { organization: 'Northwind', password: PASSWORD });
    ({ app } = await giveApp(server, ADA));
    page = await browser.newPage({ js: false, userAgent: MAC });
    await signIn(page, ADA);
    await enterCode(page, await app.code());
  });
  after(async () => {
    await page.close();
    await browser.close();
    await server.stop();
  });

  /** Posts a form that the page does not offer. */
  async function post(where) {
    await page.goto('/security');
    const csrf = await page.locator('input[name=csrf]').first().getAttribute('value');
    return page.request.post(where, { form: { csrf }, headers: { origin: server.origin }, maxRedirects: 0 });
  }

  test('ST-8 where one is required, it stays', async () => {
    await sql(server, `UPDATE users SET mfa_required = TRUE WHERE email = '${ADA}'`);
    await page.goto('/security');
    assert.equal(await badge(page), 'On, required');
    assert.equal(await sentence(page), 'You can change methods, but your administrator does not allow turning MFA off.');
    assert.equal(await page.getByRole('link', { name: 'Turn off' }).count(), 0);
    assert.equal(await page.locator('.page-head .meta').innerText(), 'Required by your administrator');

    const off = await page.goto('/security/mfa/off');
    assert.equal(off.status(), 403);
    assert.equal(await heading(page), 'Multi-factor authentication stays on');
    assert.equal(await page.locator('main form').count(), 0);
    await page.goto('/security/app/remove');
    assert.equal(await heading(page), 'The authenticator app stays');
    assert.equal(await page.locator('main button.danger').count(), 0);
    for (const where of ['/security/mfa/off', '/security/app/remove']) {
      assert.equal((await post(where)).status(), 409, where);
    }
    await page.goto('/security');
    assert.equal(await badge(page), 'On, required');
  });

  test('ST-8 the organization is named where it is the one', async () => {
    await sql(server, "UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = created_at");
    await page.goto('/security');
    assert.equal(await sentence(page), 'You can change methods, but Northwind does not allow turning MFA off.');
    await sql(server, `UPDATE organizations SET mfa_requirement = 'off'; UPDATE users SET mfa_required = FALSE WHERE email = '${ADA}'`);
  });

  test('where none is, the password is left', async () => {
    await page.goto('/security');
    await page.getByRole('link', { name: 'Remove an authenticator app' }).click();
    assert.equal(await heading(page), 'Turn off multi-factor authentication?');
    assert.match(await page.locator('main .card').innerText(), /The authenticator app is your only method\. Removing it turns MFA off; a password alone will be enough\./);
    await page.getByRole('link', { name: 'Keep it' }).click();
    await page.goto('/security/app/remove');
    await press(page, 'Remove and turn off MFA');
    assert.equal(await flash(page), 'Authenticator app removed. Multi-factor authentication is off and all other devices are signed out.');
    assert.equal(await badge(page), 'Off');
    assert.equal(await sentence(page), 'Your account is protected by a password only.');
    await page.goto('/security/app/remove');
    assert.equal(path(page), '/security', 'nothing is left to remove');
    const other = await browser.newPage({ js: false });
    await signIn(other, ADA);
    assert.equal(path(other), '/security');
    await other.close();
  });
});
