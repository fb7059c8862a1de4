// Makes the pictures of the security page in the README anew, docs/security.png and docs/security-dark.png. Run it by
// hand, after a `cargo build`, where `system-ui` is a font that is good to look at: `node pictures.mjs`. Needs `sqlite3`.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser, startServer } from './harness.mjs';
import { Authenticator, MAC, PASSWORD, PHONE, WINDOWS, api, enterCode, fillWelcome, press, scan, signIn, sql } from './people.mjs';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const ADA = 'ada@example.com';

const server = await startServer({
  settings: {
    COUNTERSIGN_TRUSTED_PROXIES: '1', // each device then says itself where it is
    COUNTERSIGN_SESSION_IDLE: '30d',
    COUNTERSIGN_SESSION_ABSOLUTE: '30d',
  },
});
const browser = await launchBrowser(server.origin);
const device = (userAgent, address) =>
  browser.newPage({ userAgent, extraHTTPHeaders: { 'x-forwarded-for': address }, viewport: { width: 1280, height: 600 } });

const mac = await device(MAC, '203.0.113.7');
await mac.goto(server.welcomeLink);
await fillWelcome(mac, { organization: 'Northwind', first: 'Ada', last: 'Byron', email: ADA, password: 'four plain words here' });
await press(mac, 'Create organization');
await mac.goto('/security/password');
await mac.getByLabel('Current password').fill('four plain words here');
await mac.getByLabel('New password').fill(PASSWORD);
await press(mac, 'Change password');
await press(mac, 'Set up an authenticator app');
const app = new Authenticator(await scan(mac));
await enterCode(mac, await app.code(), 'Turn on authenticator app');
const [backupCode] = await mac.locator('.codes li').allInnerTexts();
await press(mac, "I've saved my codes");
const phone = await device(PHONE, '198.51.100.23');
await signIn(phone, ADA);
await enterCode(phone, await app.code());
const windows = await device(WINDOWS, '192.0.2.44');
await signIn(windows, ADA, 'not the password of anybody');
await signIn(windows, ADA);
await enterCode(windows, app.wrong());
await windows.goto('/login/verify?method=code');
await enterCode(windows, backupCode);
const headers = { 'user-agent': 'backup-job/1.4', 'x-forwarded-for': '192.0.2.80' };
const { body: login } = await api(server, 'POST', '/user/login', { body: { email: ADA, password: PASSWORD }, headers });
const body = { mfaType: 'GOOGLE_AUTH', code: await app.code() };
await api(server, 'POST', '/mfa/verify-login', { token: login.accessToken, body, headers });

// All of it happened within a second; spread it over some weeks. (The record defends itself against that.)
const events = [
  '3 09:01', '3 09:03', '3 09:03', '3 09:03', '12 14:05', '12 14:08', '12 14:09', '12 14:09',
  '17 07:47', '17 07:48', '17 07:48', '19 16:30', '19 16:30', '19 16:31', '19 16:31', '19 16:31', '20 02:00', '20 02:00', '20 02:00',
];
const devices = [['mac', '3 09:03', '21 16:40'], ['iPhone', '17 07:48', '21 12:17'], ['Windows', '19 16:31', '20 18:02'], ['job', '20 02:00', '21 02:00']];
const at = (time) => `'2026-11-${time.padStart(8, '0')}:00'`;
await sql(server, [
  'DROP TRIGGER activity_is_append_only;',
  ...events.map((time, i) => `UPDATE activity SET at = ${at(time)}
    WHERE seq = (SELECT seq FROM activity ORDER BY seq LIMIT 1 OFFSET ${i});`),
  ...devices.map(([agent, from, to]) => `UPDATE sessions SET created_at = ${at(from)}, last_seen_at = ${at(to)}
    WHERE user_agent LIKE '%${agent}%';`),
  `UPDATE users SET password_changed_at = ${at('12 14:05')};`,
  `UPDATE factors SET verified_at = ${at('12 14:09')}, last_used_at = ${at('20 02:00')};`,
  `UPDATE backup_code_sets SET created_at = ${at('12 14:09')};`,
].join('\n'));

await mkdir(DOCS, { recursive: true });
await mac.goto('/security');
for (const [colorScheme, name] of [['light', 'security'], ['dark', 'security-dark']]) {
  await mac.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // Down to the first events: the whole list says nothing more.
  const height = await mac.locator('#activity tbody tr').nth(5).evaluate((row) => row.getBoundingClientRect().bottom + scrollY);
  const clip = { x: 0, y: 0, width: 1280, height: Math.round(height) };
  await mac.screenshot({ path: `${DOCS}${name}.png`, clip, fullPage: true, caret: 'initial', animations: 'allow' });
}
for (const page of [mac, phone, windows]) await page.close();
await browser.close();
await server.stop();
