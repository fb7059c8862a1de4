// What every browser test stands on: the real program on a port of its own, and a real Chromium that reports whatever a
// page does wrong. Builds nothing and asserts nothing about any one page; the *.test.mjs files beside it do.
//
//   const server = await startServer();                      // server.origin, .welcomeLink, .cli(args, input), .stop()
//   const browser = await launchBrowser(server.origin);      // browser.newPage({js: false}), .close()
//   const page = await browser.newPage();                    // a Playwright page with cookies of its own
//   await page.close();                                      // fails if the page misbehaved

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINARY = process.env.COUNTERSIGN_BIN ?? join(ROOT, 'target/debug/countersign');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const START_TIMEOUT = 20_000;
const STOP_TIMEOUT = 10_000;

/** For `describe(name, { skip }, ...)`: a reason on a machine without Chromium, but never in CI. */
export const skip = existsSync(CHROMIUM) || process.env.CI ? false : `no Chromium at ${CHROMIUM}`;

// --- The server ---

/**
 * Starts `countersign serve` on a free port and waits until it is ready. `settings` are further COUNTERSIGN_* variables.
 * A `dataDir` given is used as it is and left in place, for tests that start twice; without one, the server is new and
 * `welcomeLink` is its one-time link.
 */
export async function startServer(options) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      // The servers of other files look for ports at the same time.
      if (tries === 3 || !/address already in use/i.test(error.message)) throw error;
    }
  }
}

async function startOn(port, { settings = {}, dataDir } = {}) {
  const origin = `http://localhost:${port}`; // by name: an IP address cannot be a passkey's RP ID
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'countersign-browser-')));
  const env = {
    // The caller's own settings must not reach the program, COUNTERSIGN_BIN least of all: it refuses unknown ones.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERSIGN_'))),
    COUNTERSIGN_BIND: `127.0.0.1:${port}`,
    COUNTERSIGN_DATA_DIR: folder,
    RUST_LOG: 'info', // it says when it listens
    ...settings,
  };

  const child = spawn(BINARY, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot start ${BINARY}: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`the server ended (${signal ?? code})`));
  });
  const killAtExit = () => child.kill('SIGKILL'); // whatever ends the tests
  process.once('exit', killAtExit);

  const log = [];
  const stderr = createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  // Until then, whatever answers on this port is not this server.
  const listening = new Promise((resolve) => {
    stderr.on('line', (line) => line.includes(`listening on 127.0.0.1:${port}`) && resolve());
  });
  const stdout = createInterface({ input: child.stdout });
  stdout.on('line', (line) => log.push(line));
  const link = new Promise((resolve) => {
    stdout.on('line', (line) => line.startsWith(`${origin}/welcome/`) && resolve(line.trim()));
  });

  async function stop() {
    child.kill('SIGTERM');
    await Promise.race([gone, sleep(STOP_TIMEOUT, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await gone;
    process.removeListener('exit', killAtExit);
    if (!dataDir) await rm(folder, { recursive: true, force: true });
  }

  const late = sleep(START_TIMEOUT, 'the server did not get ready in time', { ref: false });
  const failure = Promise.race([gone, late]).then((why) => {
    throw new Error([why, ...log.slice(-20)].join('\n'));
  });
  failure.catch(() => {}); // it also ends after a good start, when nobody listens any more
  const waiting = new AbortController();
  try {
    await Promise.race([listening, failure]);
    await Promise.race([ready(origin, waiting.signal), failure]);
    const welcomeLink = dataDir ? undefined : await Promise.race([link, failure]);
    return { origin, port, dataDir: folder, welcomeLink, log, stop, cli: (args, input) => run(args, env, input) };
  } catch (error) {
    waiting.abort();
    await stop();
    throw error;
  }
}

async function ready(origin, signal) {
  while (!signal.aborted) {
    const response = await fetch(`${origin}/health/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    await sleep(50);
  }
}

/** Runs the program beside the server, with its settings; resolves to its exit code and what it wrote. */
async function run(args, env, input = '') {
  const child = spawn(BINARY, args, { env, timeout: 30_000 });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}); // a command that reads no input may be gone before it is written
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// --- The browser ---

/** Starts Chromium. Its pages may talk to `origin` alone, or to the one that they are opened with. */
export async function launchBrowser(origin) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox', // root, as in CI, may not have one
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking', // tests must not look anything up
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return { close: () => browser.close(), newPage: (options) => newPage(browser, { origin, ...options }) };
}

/**
 * Opens a page in a browser profile of its own. Its `close()` fails if the profile saw a script error, a console error, a
 * refusal by the Content-Security-Policy, a missing file, a 5xx answer, or a request that left the origin.
 * `expected` holds patterns of complaints that the test means to cause. Only a `live` page hears what changes elsewhere: one
 * that loads itself anew while a test opens it or reads it tells nothing.
 *
 * A profile takes longer to make than most pages to look at. So a suite of many pages uses one again: `behaved()` fails as
 * `close()` does, and `startOver({ cookies, extraHTTPHeaders })` makes it somebody else's.
 */
async function newPage(browser, options) {
  const {
    origin,
    js = true,
    colorScheme = 'light',
    viewport = { width: 1280, height: 800 },
    forcedColors = 'none',
    expected = [],
    live = false,
    ...others // any other option of Playwright's browser.newContext
  } = options;
  const context = await browser.newContext({
    baseURL: origin,
    javaScriptEnabled: js,
    colorScheme,
    viewport,
    forcedColors,
    locale: 'en-US',
    timezoneId: 'UTC',
    ...others,
  });

  if (!live) await context.addInitScript(() => { globalThis.EventSource = class extends EventTarget { close() {} }; });

  // On the context, so that pages opened by the page count too.
  const complaints = [];
  context.on('weberror', (error) => complaints.push(`script error: ${error.error().message}`));
  context.on('console', (message) => {
    // Chromium calls every 4xx an error; a refused form is none, and the other failures are told apart below.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource: the server responded')) return;
    complaints.push(`console: ${message.text()}`);
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) complaints.push(`left the origin: ${url}`);
  });
  context.on('response', (response) => {
    const type = response.request().resourceType();
    const mayFail = ['document', 'fetch', 'xhr'].includes(type);
    if (response.status() >= (mayFail ? 500 : 400)) complaints.push(`${response.status()} for ${type} ${response.url()}`);
  });
  // Report-only policies are silent on the console, so the page is asked as well.
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`refused by ${event.effectiveDirective}: ${event.blockedURI || event.sourceFile} ${event.sample}`));
  });

  const page = await context.newPage();
  if (!js) scriptless.add(page);
  const settle = async () => {
    // One round trip, so that what the page has just complained of is here; not awaited for ever, the page may be busy.
    await Promise.race([page.evaluate('0').catch(() => {}), sleep(1000, undefined, { ref: false })]);
  };
  const check = () => {
    const unexpected = complaints.splice(0).filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(unexpected, [], 'the page misbehaved');
  };
  page.behaved = async () => {
    await settle();
    check();
  };
  page.close = async () => {
    await settle();
    await context.close();
    check();
  };
  page.startOver = async ({ cookies = [], extraHTTPHeaders = {} }) => {
    // What was open must not go on in the name of the next one. A page of ours, because another would take a new process.
    await page.goto('/help');
    await context.clearCookies();
    await context.addCookies(cookies);
    await context.setExtraHTTPHeaders(extraHTTPHeaders);
    await page.emulateMedia({ colorScheme, forcedColors });
    await page.setViewportSize(viewport);
  };
  return page;
}

// --- What is looked at on every page ---

const scriptless = new WeakSet(); // the pages opened with js: false

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'); // half of what the package exports

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * The accessibility rules that the page breaks, short enough to read in a failed `assert.deepEqual(await axe(page), [])`.
 * `rules` names the only ones to look at, where all of them were looked at before.
 */
export async function axe(page, rules) {
  // Timers stand still where script is off, so axe would never end.
  assert(!scriptless.has(page), 'axe needs script: look at this page with js: true');
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${AXE}; 0`);
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: AXE_TAGS };
  const options = { runOnly, resultTypes: ['violations'] }; // the others take time to describe
  const { violations } = await page.evaluate((options) => globalThis.axe.run(options), options);
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join(' ')) }));
}

/** Fails, and names what sticks out, if the page can be scrolled sideways. */
export async function noHorizontalScroll(page) {
  const tooWide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const outside = [...document.querySelectorAll('body *')].filter((e) => {
      const { left, right } = e.getBoundingClientRect();
      return Math.max(right, left + e.scrollWidth) > clientWidth; // the box, or what flows out of it
    });
    return [`${scrollWidth} px in ${clientWidth}`, ...outside.map((e) => e.outerHTML.slice(0, 80))];
  });
  assert.deepEqual(tooWide, [], `${page.url()} scrolls sideways`);
}

/** Keeps a picture of the whole page as artifacts/<name>.png, if SCREENSHOTS=1. */
export async function screenshot(page, name) {
  if (process.env.SCREENSHOTS !== '1') return;
  const folder = join(ROOT, 'artifacts');
  await mkdir(folder, { recursive: true });
  // Playwright hides the caret and stops animations with a style of its own, which a strict CSP refuses.
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, caret: 'initial', animations: 'allow' });
}
