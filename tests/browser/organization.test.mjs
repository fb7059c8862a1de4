// An owner and two members: looking at a requirement, making it, helping somebody who lost everything, and taking it back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, noHorizontalScroll, skip, startServer } from './harness.mjs';
import { Authenticator, MAC, PHONE, createUser, enterCode, giveApp, mailed, press, scan, signIn, sql } from './people.mjs';

const BOSS = 'boss@northwind.example';
const MO = 'mo@northwind.example';
const LEE = 'lee@northwind.example';
const heading = (page) => page.locator('h1').innerText();
const flash = (page) => page.getByRole('status').first().innerText();
const path = (page) => new URL(page.url()).pathname;
const standing = (page) => page.locator('#requirement .purpose').innerText();

/** Follows a link. */
async function follow(page, name) {
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name }).click()]);
}

describe('an organization that requires MFA', { skip }, () => {
  let server, browser, boss, mo, app;
  before(async () => {
    server = await startServer();
    browser = await launchBrowser(server.origin);
    const organization = 'Northwind';
    const people = [[BOSS, 'Ada', 'owner'], [MO, 'Mo', 'user'], [LEE, 'Lee', 'user']];
    for (const [email, first, role] of people) {
      await createUser(server, email, { first, organization, role, password: 'seven quiet lanterns drift' });
    }
    boss = await browser.newPage({ userAgent: MAC });
    mo = await browser.newPage({ userAgent: PHONE });
    await signIn(boss, BOSS);
    await signIn(mo, MO);
  });
  after(async () => {
    await Promise.all([boss, mo].map((page) => page.close()));
    await browser.close();
    await server.stop();
  });

  test('members see no way to these pages', async () => {
    assert.equal(await mo.getByRole('link', { name: 'Organization' }).count(), 0);
    const response = await mo.goto('/admin');
    assert.equal(response.status(), 403);
    await mo.goto('/security');
  });

  test('OR-1 whoever has no second factor may look, and sets one up first', async () => {
    await follow(boss, 'Organization');
    assert.equal(await heading(boss), 'Northwind security');
    assert.equal(await standing(boss), 'Members choose for themselves. 0 of 3 use MFA.');
    assert.match(await boss.locator('#requirement .alert').innerText(), /^Set up MFA on your own account first/);
    await boss.getByLabel('Required', { exact: true }).check();
    await press(boss, 'Show what would change');
    assert.equal(await boss.locator('main .rows li').count(), 3);
    assert.equal(await boss.getByRole('button', { name: /^Require/ }).count(), 0);
    await follow(boss, 'Set up MFA');
    assert.equal(path(boss), '/security');
  });

  test('what would change is said by name, and changes nothing yet', async () => {
    ({ app } = await giveApp(server, BOSS));
    await signIn(boss, BOSS);
    await enterCode(boss, await app.code());
    await boss.goto('/admin');
    await boss.getByLabel('Required', { exact: true }).check();
    await boss.getByLabel('Required from').fill(new Date().toISOString().slice(0, 10));
    await boss.getByLabel('Email link').uncheck();
    await press(boss, 'Show what would change');
    assert.equal(await heading(boss), 'Require MFA from now on?');
    assert.deepEqual(await boss.locator('main .rows .meta').allInnerTexts(), [LEE, MO]);
    assert.match(await boss.locator('.facts').innerText(), /Passkey, Authenticator app/);
    await mo.reload();
    assert.equal(path(mo), '/security');
  });

  test('GA-1 ST-13 the gate is there with the next request, and nobody is shut out of help', async () => {
    await press(boss, 'Require MFA from now on');
    assert.equal(await flash(boss), 'MFA is required from now on. Members are told by email.');
    assert.match(await standing(boss), /^Required since .* 1 of 3 ready, 2 set up at next sign-in\.$/);
    await mo.goto('/security/activity');
    assert.equal(path(mo), '/setup');
    assert.equal(await mo.locator('main h2').count(), 2); // the email link does not count
    await follow(mo, /recovery$/);
    assert.equal(path(mo), '/help');
  });

  test('GA-2 one method opens the page again that was asked for', async () => {
    await mo.goto('/setup');
    await press(mo, 'Set up Authenticator app');
    await enterCode(mo, await new Authenticator(await scan(mo)).code(), 'Turn on authenticator app');
    await press(mo, "I've saved my codes");
    assert.equal(path(mo), '/security/activity');
  });

  test('OR-5 the members are a table on a wide screen, and labelled rows on a narrow one', async () => {
    await boss.goto('/admin/members');
    assert.deepEqual(await boss.getByRole('columnheader').allInnerTexts(), ['Name', 'MFA', 'Methods', 'Last sign-in', 'Action']);
    assert.equal(await boss.getByRole('rowheader').count(), 3);
    const row = boss.getByRole('row', { name: /Mo Byron/ });
    assert.equal(await row.getByRole('cell').first().innerText(), 'On');
    const label = () => row.getByRole('cell').first().evaluate((cell) => getComputedStyle(cell, '::before').content);
    assert.equal(await label(), 'none');
    await boss.setViewportSize({ width: 320, height: 568 });
    assert.equal(await label(), '"MFA"');
    assert.equal(await boss.getByRole('rowheader').count(), 3);
    await noHorizontalScroll(boss);
    await boss.setViewportSize({ width: 1280, height: 800 });
  });

  test('filters and the search narrow the list, and are cleared again', async () => {
    await follow(boss, 'Off 1');
    assert.deepEqual(await boss.locator('tbody .meta').allInnerTexts(), [LEE]);
    await boss.getByLabel('Search').fill('nobody');
    await press(boss, 'Search members');
    assert.equal(await boss.getByLabel('Search').inputValue(), 'nobody');
    await follow(boss, 'Clear filters');
    assert.equal(await boss.locator('tbody tr').count(), 3);
  });

  test('OR-6 the file holds what the list shows', async () => {
    await boss.goto('/admin/members?filter=off');
    const [download] = await Promise.all([
      boss.waitForEvent('download'),
      boss.getByRole('link', { name: 'Download this list (CSV)' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'members.csv');
  });

  test('somebody who can prove nothing else asks for a reset', async () => {
    const lost = await browser.newPage({ userAgent: PHONE });
    await signIn(lost, MO);
    await lost.goto('/login/recover');
    await press(lost, 'Request a reset');
    assert.match(await flash(lost), /^The administrators of your organization were asked/);
    await lost.close();
    const { link } = await mailed(server, BOSS, '/admin/members/');
    await boss.goto(link);
    assert.equal(await heading(boss), 'Mo Byron');
  });

  test('SU-2 OR-7 an old proof is renewed on the way to the reset', async () => {
    await sql(server, "UPDATE sessions SET password_at = '2026-01-01 00:00:00', factor_at = '2026-01-01 00:00:00' WHERE kind = 'browser'");
    await follow(boss, 'Reset MFA');
    assert.equal(await heading(boss), "Confirm it's you");
    assert.match(await boss.locator('.lead').innerText(), /reset the MFA of a member/);
    await enterCode(boss, await app.code(), 'Confirm with code');
    assert.equal(await heading(boss), 'Reset MFA for Mo Byron?');
  });

  test('OR-7 the reset names what goes, wants a reason and the address, and takes all of it', async () => {
    assert.match(await boss.locator('.consequence').innerText(), /^This removes the authenticator app and 10 backup codes/);
    await boss.getByLabel('Reason').fill('Lost the phone, called back');
    await boss.getByLabel(/^Type/).fill('somebody@northwind.example');
    await press(boss, 'Reset MFA');
    assert.equal(await boss.getByLabel('Reason').inputValue(), 'Lost the phone, called back');
    await boss.getByLabel(/^Type/).fill(MO);
    await press(boss, 'Reset MFA');
    assert.equal(await flash(boss), 'The MFA of Mo Byron was reset. They are signed out everywhere and were told by email.');
    await mo.goto('/security');
    assert.equal(path(mo), '/login');
    await signIn(mo, MO);
    assert.equal(path(mo), '/setup');
  });

  test('OR-8 an unknown member is a missing page', async () => {
    const response = await boss.goto('/admin/members/019a9d5e-0000-7000-8000-000000000099');
    assert.equal(response.status(), 404);
  });

  test('ST-13 taken back, nobody stands at the gate any more', async () => {
    await boss.goto('/admin');
    await follow(boss, 'Stop requiring');
    await press(boss, 'Stop requiring MFA');
    assert.match(await standing(boss), /^Members choose for themselves\./);
    await mo.goto('/security');
    assert.equal(path(mo), '/security');
    // ST-10, until it is set up again.
    assert.match(await mo.locator('.notice').innerText(), /^An administrator of Northwind reset your MFA on /);
  });
});
