// What the suites do over and over: make accounts, sign in, press a button and wait for its answer. Asserts nothing.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';

/** The password of every account here: long enough, and no name of anybody. */
export const PASSWORD = 'seven quiet lanterns drift';

/** How the browsers of these people call themselves. */
export const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
export const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Makes an account on the command line; with a password, or resolves to the link for choosing one. */
export async function createUser(server, email, { first = 'Ada', last = 'Byron', organization, password } = {}) {
  const args = ['user', 'create', '--email', email, '--first-name', first, '--last-name', last];
  if (organization) args.push('--organization', organization);
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

/** Runs SQL on the embedded database, for states that the surfaces cannot bring about yet. Needs `sqlite3`. */
export async function sql(server, statements) {
  const file = join(server.dataDir, 'countersign.db');
  await promisify(execFile)('sqlite3', ['-cmd', '.timeout 5000', file, statements]);
}
