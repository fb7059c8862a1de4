// What the suites do over and over: make accounts, sign in, press a button and wait for its answer. Asserts nothing.

import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import jsQR from 'jsqr';
import { request } from 'playwright-core';

/** The password of every account here: long enough, and no name of anybody. */
export const PASSWORD = 'seven quiet lanterns drift';

/** How the browsers of these people call themselves. */
export const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
export const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Makes an account on the command line; with a password, or resolves to the link for choosing one. */
export async function createUser(server, email, { first = 'Ada', last = 'Byron', organization, role, password } = {}) {
  const args = ['user', 'create', '--email', email, '--first-name', first, '--last-name', last];
  if (organization) args.push('--organization', organization);
  if (role) args.push('--role', role);
  if (password) args.push('--password-stdin');
  const { code, stdout, stderr } = await server.cli(args, password && `${password}\n`);
  if (code !== 0) throw new Error(`countersign ${args.join(' ')}: ${stderr}`);
  return stdout.split('\n').find((line) => line.startsWith(server.origin))?.trim();
}

/** Presses a button that sends a form, and resolves to the answer it leads to. */
export async function press(page, name) {
  const button = typeof name === 'string' ? page.getByRole('button', { name, exact: true }) : name;
  const [response] = await Promise.all([page.waitForNavigation(), button.click()]);
  return response;
}

/** Signs in on the page. */
export async function signIn(page, email, password = PASSWORD) {
  await page.goto('/login');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  return press(page, 'Sign in');
}

/**
 * Signs in, with an app if one is given, as a browser does, but draws nothing: for the many who have to be there before a
 * suite starts. Resolves to the cookies.
 */
export async function signInUnseen(server, email, { userAgent, address, app }) {
  const extraHTTPHeaders = { origin: server.origin, 'x-forwarded-for': address };
  const context = await request.newContext({ baseURL: server.origin, userAgent, extraHTTPHeaders });
  const send = async (response, action, typed) => {
    const form = (await response.text()).split('<form ').find((part) => part.includes(`class="stack" method="post" action="${action}"`));
    const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
    return context.post(action, { form: { ...Object.fromEntries([...hidden].map(([, name, value]) => [name, value])), ...typed } });
  };
  let response = await send(await context.get('/login'), '/login', { email, password: PASSWORD });
  if (app) response = await send(response, '/login/verify', { code: await app.code() });
  if (response.status() !== 200) throw new Error(`${email} could not sign in: ${response.status()} at ${response.url()}`);
  const { cookies } = await context.storageState();
  await context.dispose();
  return cookies;
}

/** Fills the welcome form. */
export async function fillWelcome(page, { organization, first, last, email, password }) {
  await page.getByLabel('Organization name').fill(organization);
  await page.getByLabel('First name').fill(first);
  await page.getByLabel('Last name').fill(last);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

/** Talks to the JSON API, as a program does. */
export async function api(server, method, path, { token, body, headers } = {}) {
  const response = await fetch(server.origin + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Fails to sign in from an address until that address has to wait. The server has to trust one proxy. */
export async function exhaust(server, address) {
  for (let i = 0; ; i += 1) {
    // Somebody else each time: an account that is tried too often waits as well, but not as long.
    const body = { email: `nobody${i}@example.com`, password: 'not the password of anybody' };
    const { status } = await api(server, 'POST', '/user/login', { body, headers: { 'x-forwarded-for': address } });
    if (status === 429) return;
    if (i === 50) throw new Error('nothing limits the passwords of an address');
  }
}

/** Calls a function for each of the items, two at a time. Not for what the server hashes: with two cores, it does one at a time. */
export async function forEach(items, work) {
  const left = [...items];
  const next = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all([next(), next()]);
}

// --- Authenticator apps ---

const STEP = 30; // seconds

/** An authenticator app with one account in it, and a clock that is right. */
export class Authenticator {
  /** Takes what a QR code says. */
  constructor(uri) {
    this.secret = decodeBase32(new URL(uri).searchParams.get('secret'));
    this.last = 0;
  }

  /** The code at an instant, in seconds. */
  at(seconds) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(seconds / STEP)));
    const mac = createHmac('sha1', this.secret).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }

  /** The next code that was not handed out yet. The server takes the codes around the present one too, so few have to be waited for. */
  async code() {
    const now = Date.now() / 1000;
    const current = Math.floor(now / STEP);
    // The code before is taken as long as this step lasts.
    const first = (current + 1) * STEP - now > 10 ? current - 1 : current;
    const step = Math.max(this.last + 1, first);
    while (step > Math.floor(Date.now() / 1000 / STEP) + 1) await sleep(200);
    this.last = step;
    return this.at(step * STEP);
  }

  /** The code of this moment, which the server knows for half a minute at least. */
  newest() {
    this.last = Math.floor(Date.now() / 1000 / STEP);
    return this.at(this.last * STEP);
  }

  /** A code that the server takes for wrong, and not for one of a phone whose clock is off. */
  wrong() {
    const now = Date.now() / 1000;
    const near = new Set(Array.from({ length: 60 }, (_, i) => this.at(now + (i - 30) * STEP)));
    let code = 0;
    while (near.has(String(code).padStart(6, '0'))) code += 1;
    return String(code).padStart(6, '0');
  }
}

function decodeBase32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** Scans the QR code of a page, as a camera would: from what is drawn. */
export async function scan(page) {
  const { size, path } = await page.locator('svg.qr').evaluate((svg) => ({
    size: svg.viewBox.baseVal.width,
    path: svg.querySelector('path').getAttribute('d'),
  }));
  const scale = 4;
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  let rest = path;
  for (const [run, left, top, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    rest = rest.replace(run, '');
    for (let y = top * scale; y < (+top + 1) * scale; y += 1) {
      for (let x = left * scale; x < (+left + +width) * scale; x += 1) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  if (rest) throw new Error(`the QR code is drawn in a new way: ${rest.slice(0, 40)}`);
  const found = jsQR(pixels, side, side);
  if (!found) throw new Error('the QR code cannot be read');
  return found.data;
}

/** Gives an account an authenticator app and backup codes, as a program does. */
export async function giveApp(server, email, headers) {
  const { body: login } = await api(server, 'POST', '/user/login', { body: { email, password: PASSWORD }, headers });
  const token = login.accessToken;
  const method = { mfaType: 'GOOGLE_AUTH' };
  const { body: setup } = await api(server, 'POST', '/mfa/setup', { token, body: method, headers });
  if (!setup.data) throw new Error(`${email} could not start to set up an app: ${JSON.stringify([login, setup])}`);
  const app = new Authenticator(setup.data.otpauthUrl);
  const body = { ...method, code: await app.code() };
  const { status } = await api(server, 'POST', '/mfa/verify-setup', { token, body, headers });
  if (status !== 200) throw new Error(`${email} could not set up an app: ${status}`);
  return { app, codes: setup.data.backupCodes };
}

/** Answers the second step with a code. */
export async function enterCode(page, code, button = 'Sign in') {
  await page.locator('#code').fill(code);
  return press(page, button);
}

/** Runs SQL on the embedded database, for states that the surfaces cannot bring about yet. Needs `sqlite3`. */
export async function sql(server, statements) {
  const file = join(server.dataDir, 'countersign.db');
  await promisify(execFile)('sqlite3', ['-cmd', '.timeout 5000', file, statements]);
}

/**
 * The newest mail to this address whose link leads to this path: the link, and the code that does the same, if it has one.
 * Most mails are in the server's folder within a second or two.
 */
export async function mailed(server, address, path = '/') {
  const outbox = join(server.dataDir, 'outbox');
  for (let tries = 0; tries < 300; tries += 1) {
    const names = await readdir(outbox).catch(() => []);
    for (const name of names.filter((name) => name.endsWith('.eml')).sort().reverse()) {
      const mail = (await readFile(join(outbox, name), 'utf8')).replaceAll('=\r\n', '').replaceAll('=3D', '=');
      if (!mail.includes(`To: ${address}\r\n`)) continue;
      const link = mail.split('\r\n').find((line) => line.startsWith(server.origin + path) && (path !== '/' || line.includes('cs_ln_')));
      if (link) return { link, code: mail.match(/^@\S+ #(\d{6})$/m)?.[1] };
    }
    await sleep(100);
  }
  throw new Error(`no mail for ${address}`);
}

/** The link alone. */
export const mailedLink = async (server, address) => (await mailed(server, address)).link;
