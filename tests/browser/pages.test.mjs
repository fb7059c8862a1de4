// Every page and error state, looked at in every way that a rule of the browser surface names: both colour schemes,
// narrow, with large text, with wide spacing, in forced colours, without motion, by structure and by weight.
// What a page does when it is used stands in behaviour.test.mjs and journey.test.mjs.
//
//   UPDATE=1   writes outlines.txt, the landmarks and headings of each state (A-11), instead of comparing with it

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { axe, launchBrowser, noHorizontalScroll, screenshot, skip, startServer } from './harness.mjs';
import {
  Authenticator, MAC, PASSWORD, PHONE, WINDOWS, api, createUser, enterCode, exhaust, fillWelcome, forEach, giveApp, mailedLink, press, scan, signIn,
  signInUnseen, sql,
} from './people.mjs';
import { MEMBERS, ORGANIZATION_STATES, fillOrganizations } from './organization.mjs';

const OUTLINES = new URL('outlines.txt', import.meta.url);
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 568 };
const ADA = 'ada@example.com';
const TARGET = 44; // pixels, of a control of ours

const wrong = { email: ADA, password: 'not the password of anybody' };

// --- The states ---

// name; who looks (`on` names the server, `as` whose session); how it is reached: a path, or a function that resolves to
// the response; then what it must answer. `problems` are the sentences of a refused form, in order.
const STATES = [
  { name: 'home', on: 'empty', open: '/', title: 'Set up Countersign' },
  { name: 'welcome', on: 'empty', open: (page) => page.goto(servers.empty.welcomeLink), title: 'Create your organization' },
  {
    name: 'welcome with errors',
    on: 'empty',
    open: async (page) => {
      await page.goto(servers.empty.welcomeLink);
      await fillWelcome(page, { organization: 'Northwind', first: 'Ada', last: '', email: 'ada.example', password: 'short' });
      return press(page, 'Create organization');
    },
    status: 400,
    title: 'Create your organization',
    problems: ['Enter your last name', 'Enter an email address in the format name@example.com'],
  },
  {
    name: 'welcome with a short password',
    on: 'empty',
    open: async (page) => {
      await page.goto(servers.empty.welcomeLink);
      await fillWelcome(page, { organization: 'Northwind', first: 'Ada', last: 'Byron', email: ADA, password: 'short' });
      return press(page, 'Create organization');
    },
    status: 400,
    title: 'Create your organization',
    problems: ['The new password must have 15 characters or more'],
  },
  { name: 'welcome spent', open: '/welcome/cs_ln_never-was-one', status: 410, title: 'This link no longer works' },

  { name: 'login', open: '/login', title: 'Sign in' },
  {
    name: 'login empty',
    open: async (page) => (await page.goto('/login')) && press(page, 'Sign in'),
    status: 400,
    title: 'Sign in',
    problems: ['Enter your email address', 'Enter your password'],
  },
  {
    name: 'login wrong',
    open: (page) => signIn(page, wrong.email, wrong.password),
    status: 400,
    title: 'Sign in',
    problems: ['Check your email address and password, and try again'],
  },
  {
    name: 'login throttled',
    from: '198.51.100.99',
    open: async (page) => {
      await page.goto('/login');
      await page.getByLabel('Email address').fill(wrong.email);
      await page.getByLabel('Password', { exact: true }).fill(wrong.password);
      await exhaust(servers.main, '198.51.100.99'); // last, because every six seconds one more may be tried
      return press(page, 'Sign in');
    },
    status: 429,
    title: 'Sign in',
    problems: [/^Too many tries\. Try again after \d\d:\d\d UTC/],
  },
  {
    name: 'login page too old',
    open: async (page) => {
      await page.goto('/login');
      await spoilToken(page);
      return press(page, 'Sign in');
    },
    status: 403,
    title: 'Sign in',
    problems: ['This page was open too long. Check the details and try again.'],
  },
  {
    name: 'login signed out',
    open: async (page) => (await signIn(page, 'olga@example.com')) && press(page, 'Sign out'),
    title: 'Sign in',
  },
  {
    name: 'login session ended',
    open: async (page) => {
      await signIn(page, 'olga@example.com');
      await endSessions('olga@example.com');
      return page.goto('/security');
    },
    title: 'Sign in',
  },

  { name: 'password link', open: (page) => page.goto(links.grace), title: 'Choose a password' },
  {
    name: 'password link with errors',
    open: async (page) => {
      await page.goto(links.grace);
      await page.getByLabel('New password').fill('passwordpassword');
      return press(page, 'Save password');
    },
    status: 400,
    title: 'Choose a password',
    problems: [/easy to guess/],
  },
  { name: 'password lost', open: '/password', title: 'Get a new password' },
  {
    name: 'password lost with errors',
    open: async (page) => (await page.goto('/password')) && press(page, 'Send link'),
    status: 400,
    title: 'Get a new password',
    problems: ['Enter your email address'],
  },
  {
    name: 'password lost and asked for',
    open: async (page) => {
      await page.goto('/password');
      await page.getByLabel('Email address').fill('nobody@example.com');
      return press(page, 'Send link');
    },
    title: 'Sign in',
  },
  { name: 'recover', open: '/login/recover', title: 'Get back into your account' },
  { name: 'recover while a factor is owed', as: 'half', open: '/login/recover', title: 'Get back into your account' },

  { name: 'verify', as: 'half', open: '/login/verify', title: "Confirm it's you" },
  { name: 'verify with a backup code', as: 'half', open: '/login/verify?method=code', title: "Confirm it's you" },
  {
    name: 'verify empty',
    as: 'half',
    open: async (page) => (await page.goto('/login/verify')) && press(page, 'Sign in'),
    status: 400,
    title: "Confirm it's you",
    problems: ['Enter the code from your authenticator app'],
  },
  {
    name: 'verify wrong',
    as: 'half',
    open: async (page) => (await page.goto('/login/verify')) && enterCode(page, apps.half.wrong()),
    status: 400,
    title: "Confirm it's you",
    problems: ['That code is not right. Codes change every 30 seconds; enter the newest one.'],
  },
  {
    name: 'verify wrong for the third time',
    as: 'third',
    open: async (page) => (await page.goto('/login/verify')) && enterCode(page, apps.third.wrong()),
    status: 400,
    title: "Confirm it's you",
    problems: [/newest one\. If it keeps failing, .* set automatically\. You have 2 tries left\.$/],
  },
  {
    name: 'verify with a wrong backup code',
    as: 'half',
    open: async (page) => (await page.goto('/login/verify?method=code')) && enterCode(page, '00000-00000'),
    status: 400,
    title: "Confirm it's you",
    problems: [/^That backup code is not right\. Check for letters that look alike\./],
  },
  {
    name: 'verify locked',
    as: 'locked',
    open: async (page) => (await page.goto('/login/verify')) && enterCode(page, apps.locked.wrong()),
    status: 429,
    title: "Confirm it's you",
    problems: [/^Too many tries\. Try again after \d\d:\d\d UTC\.$/],
  },
  { name: 'verify with codes switched off', as: 'suspended', open: '/login/verify', title: "Confirm it's you" },
  { name: 'recover with codes switched off', as: 'suspended', open: '/login/recover', title: 'Get back into your account' },

  { name: 'help signed out', open: '/help', title: 'Help with sign-in and recovery' },
  { name: 'not found', open: '/nowhere', status: 404, title: 'Page not found' },
  { name: 'wrong method', open: '/logout', status: 405, title: "This address can't be opened that way" },

  { name: 'security', as: 'ada', open: '/security', title: 'Security' },
  { name: 'security before a deadline', as: 'deadline', open: '/security', title: 'Security' },
  { name: 'security with a method switched off', as: 'off', open: '/security', title: 'Security' },
  {
    name: 'security after signing out a device',
    as: 'phil',
    open: async (page) => (await page.goto('/security')) && press(page, 'Sign out Safari on iOS'),
    title: 'Security',
  },
  { name: 'activity', as: 'ada', open: '/security/activity', title: 'Security activity' },
  { name: 'activity in the middle', as: 'busy', open: '/security/activity?page=2', title: 'Security activity' },
  { name: 'activity empty', as: 'ada', open: '/security/activity?page=99', title: 'Security activity' },
  { name: 'change password', as: 'ada', open: '/security/password', title: 'Change password' },
  {
    name: 'change password with errors',
    as: 'ada',
    open: async (page) => (await page.goto('/security/password')) && press(page, 'Change password'),
    status: 400,
    title: 'Change password',
    problems: ['Enter your current password', 'Enter a new password'],
  },
  { name: 'change address', as: 'ada', open: '/security/address', title: 'Change email address' },
  {
    name: 'change address with errors',
    as: 'ada',
    open: async (page) => {
      await page.goto('/security/address');
      await page.getByLabel('New email address').fill('ada');
      return press(page, 'Send link');
    },
    status: 400,
    title: 'Change email address',
    problems: ['Enter an email address in the format name@example.com'],
  },
  {
    name: 'confirm address',
    as: 'ada',
    open: async (page) => {
      await page.goto('/security/address');
      await page.getByLabel('New email address').fill('ada.new@example.com');
      await press(page, 'Send link');
      return page.goto(await mailedLink(servers.main, 'ada.new@example.com'));
    },
    title: 'Confirm your new email address',
  },
  { name: 'devices', as: 'ada', open: '/security/devices', title: 'Sign out 3 other devices?' },
  {
    name: 'devices, one of them',
    as: 'ada',
    open: async (page) => {
      await page.goto('/security');
      const action = await page.locator('li', { hasText: 'Safari on iOS' }).locator('form').getAttribute('action');
      return page.goto(action); // where the step-up leads back to
    },
    title: 'Sign out Safari on iOS?',
  },
  { name: 'devices none', as: 'deadline', open: '/security/devices', title: 'No other devices' },
  { name: 'confirm', as: 'ada', open: '/confirm?next=/security/devices', title: "Confirm it's you" },
  {
    name: 'confirm wrong',
    as: 'ada',
    open: async (page) => {
      await page.goto('/confirm?next=/security/devices');
      await page.getByLabel('Password', { exact: true }).fill(wrong.password);
      return press(page, 'Confirm with password');
    },
    status: 400,
    title: "Confirm it's you",
    problems: ['That password is not right. Try again.'],
  },
  { name: 'help signed in', as: 'ada', open: '/help', title: 'Help with sign-in and recovery' },
  { name: 'not found signed in', as: 'ada', open: '/security/nowhere', status: 404, title: 'Page not found' },
  {
    name: 'sign-out from a page too old',
    as: 'ada',
    open: async (page) => {
      await page.goto('/security');
      await spoilToken(page);
      return press(page, 'Sign out');
    },
    status: 403,
    title: 'This page was open too long',
  },
  { name: 'set-up gate', as: 'gated', open: '/security', title: 'Set up multi-factor authentication' },
  {
    name: 'set-up gate without a way in',
    as: 'stuck',
    open: '/security',
    title: 'Set up multi-factor authentication',
  },
  {
    name: 'set-up reminder',
    as: 'deadline',
    open: '/setup/later?return_to=/security/activity',
    title: 'Set up multi-factor authentication soon',
  },
  {
    name: 'set-up before a deadline',
    as: 'deadline',
    open: '/setup?return_to=/security/activity',
    title: 'Set up multi-factor authentication',
  },
  {
    name: 'app set-up at the gate',
    as: 'gated',
    open: async (page) => (await page.goto('/setup')) && press(page, 'Set up Authenticator app'),
    title: 'Set up an authenticator app',
  },

  { name: 'app set-up', as: 'busy', open: startApp, title: 'Set up an authenticator app' },
  {
    name: 'app set-up with the manual settings',
    as: 'deadline',
    open: async (page) => {
      const response = await startApp(page);
      await page.getByText('Settings for manual entry').click();
      return response;
    },
    title: 'Set up an authenticator app',
  },
  {
    name: 'app set-up wrong',
    as: 'phil',
    open: async (page) => {
      await startApp(page);
      return enterCode(page, '12345', 'Turn on authenticator app');
    },
    status: 400,
    title: 'Set up an authenticator app',
    problems: ['Enter all 6 digits of the code'],
  },
  {
    name: 'app set-up expired',
    as: 'late',
    open: async (page) => {
      await startApp(page);
      await sql(servers.main, "UPDATE totp_setups SET expires_at = created_at WHERE user_id = (SELECT id FROM users WHERE email = 'late@example.com')");
      return enterCode(page, '123456', 'Turn on authenticator app');
    },
    title: 'Set up an authenticator app',
  },
  {
    name: 'app move',
    as: 'app',
    open: async (page) => (await page.goto('/security')) && press(page, 'Move to a new phone'),
    title: 'Move to a new phone',
  },
  { name: 'app remove', as: 'two', open: '/security/app/remove', title: 'Remove authenticator app?' },
  { name: 'app remove, the last', as: 'app', open: '/security/app/remove', title: 'Turn off multi-factor authentication?' },
  { name: 'app remove, refused', as: 'must', open: '/security/app/remove', title: 'The authenticator app stays' },

  { name: 'passkey add', as: 'app', open: '/security/passkeys/add', title: 'Add a passkey' },
  { name: 'passkey add, the first', as: 'off', open: '/security/passkeys/add', title: 'Add a passkey' },
  { name: 'passkey add at the gate', as: 'gated', open: '/security/passkeys/add', title: 'Add a passkey' },
  { name: 'passkey name', as: 'two', open: '/security/passkeys/laptop-two/name', title: 'Name your passkey' },
  {
    name: 'passkey name taken',
    as: 'two',
    open: async (page) => {
      await page.goto('/security/passkeys/laptop-two/name');
      await page.getByLabel('Name').fill('blue key');
      return press(page, 'Save name');
    },
    status: 400,
    title: 'Name your passkey',
    problems: ['You already have a passkey called blue key'],
  },
  { name: 'passkey remove', as: 'two', open: '/security/passkeys/laptop-two/remove', title: 'Remove "Work laptop"?' },
  {
    name: 'security with a name being changed',
    as: 'two',
    isPressed: true, // what was pressed makes room for itself
    open: async (page) => {
      const response = await page.goto('/security');
      await page.locator('summary', { hasText: 'Rename Blue key' }).click();
      return response;
    },
    title: 'Security',
  },
  { name: 'second step with a passkey', as: 'keyed', open: '/login/verify', title: "Confirm it's you" },
  { name: 'confirm with a passkey', as: 'spent', open: '/confirm?method=passkey&next=/security/app/remove', title: "Confirm it's you" },

  { name: 'second step with an email link', as: 'mailed', open: '/login/verify', title: "Confirm it's you" },
  { name: 'second step with an email link alone', as: 'lone', open: '/login/verify', title: "Confirm it's you" },
  { name: 'email sent', as: 'waiting', open: sendLink, title: 'Check your email' },
  {
    name: 'email sent, wrong code',
    as: 'typing',
    open: async (page) => (await sendLink(page)) && enterCode(page, '12'),
    status: 400,
    title: 'Check your email',
    problems: ['Enter all 6 digits of the code'],
  },
  {
    name: 'email sent, and again too soon',
    as: 'hasty',
    open: async (page) => (await sendLink(page)) && press(page, 'Send again'),
    status: 429,
    title: 'Check your email',
    problems: [/^You can ask for another link after \d\d:\d\d:\d\d UTC\.$/],
  },
  { name: 'email link', as: 'opening', open: openLink('opening'), title: 'Finish signing in' },
  {
    name: 'email link opened elsewhere',
    as: 'elsewhere',
    open: openLink('elsewhere', (page) => page.context().clearCookies()),
    title: 'Open this link where you started',
  },
  {
    name: 'email link expired',
    as: 'expired',
    open: openLink('expired', () => sql(servers.main, "UPDATE magic_links SET expires_at = created_at WHERE address = 'expired@example.com'")),
    status: 410,
    title: "This link doesn't work any more",
  },
  { name: 'email link unknown', open: '/login/link/cs_ln_never-was-one', status: 410, title: "This link doesn't work any more" },
  { name: 'email set-up', as: 'app', open: '/security/email', title: 'Set up email link' },
  { name: 'email set-up sent', as: 'asking', open: startEmail, title: 'Check your email' },
  {
    name: 'email set-up link',
    as: 'confirming',
    open: async (page) => (await startEmail(page)) && page.goto(await mailedLink(servers.main, 'confirming@example.com')),
    title: 'Confirm your email address',
  },
  { name: 'email remove', as: 'reader', open: '/security/email/remove', title: 'Remove email link?' },
  { name: 'email remove, the last', as: 'sole', open: '/security/email/remove', title: 'Turn off multi-factor authentication?' },

  { name: 'codes', as: 'coder', open: createCodes, title: 'Save your backup codes' },
  { name: 'codes gone', as: 'app', open: '/security/codes', title: 'These codes were shown once' },
  { name: 'codes new', as: 'app', open: '/security/codes/new', title: 'Create new backup codes?' },

  { name: 'primary', as: 'two', open: '/security/primary', title: 'Primary method' },
  { name: 'mfa off', as: 'app', open: '/security/mfa/off', title: 'Turn off multi-factor authentication?' },
  {
    name: 'mfa off, refused',
    as: 'must',
    open: '/security/mfa/off',
    status: 403,
    title: 'Multi-factor authentication stays on',
  },
  { name: 'confirm with a code', as: 'app', open: '/confirm?next=/security/app/remove', title: "Confirm it's you" },
  {
    name: 'confirm with a wrong code',
    as: 'two',
    open: async (page) => (await page.goto('/confirm?next=/security/app/remove')) && enterCode(page, '12345a', 'Confirm with code'),
    status: 400,
    title: "Confirm it's you",
    problems: ['The code has numbers only'],
  },

  { name: 'security with an app', as: 'app', open: '/security', title: 'Security' },
  { name: 'security with two methods and few codes', as: 'two', open: '/security', title: 'Security' },
  { name: 'security with an email link', as: 'reader', open: '/security', title: 'Security' },
  { name: 'security with an email link alone', as: 'sole', open: '/security', title: 'Security' },
  { name: 'security with one way in', as: 'bare', open: '/security', title: 'Security' },
  { name: 'security with all codes used', as: 'spent', open: '/security', title: 'Security' },
  { name: 'security that has to stay on', as: 'must', open: '/security', title: 'Security' },
  { name: 'security with codes not saved', as: 'unsaved', open: '/security', title: 'Security' },
  { name: 'security after a reset', as: 'reset', open: '/security', title: 'Security' },
  {
    name: 'security after a backup code',
    open: async (page) => (await signIn(page, 'returning@example.com')) && (await page.goto('/login/verify?method=code')) && enterCode(page, codes.returning[9]),
    title: 'Security',
  },
  {
    name: 'security after a set-up',
    as: 'new',
    open: async (page) => {
      await startApp(page);
      await enterCode(page, await new Authenticator(await scan(page)).code(), 'Turn on authenticator app');
      return press(page, "I've saved my codes");
    },
    title: 'Security',
  },
  ...ORGANIZATION_STATES,
];

function startApp(page) {
  return page.goto('/security').then(() => press(page, 'Set up an authenticator app'));
}

function startEmail(page) {
  return page.goto('/security/email').then(() => press(page, 'Send email'));
}

function sendLink(page) {
  return page.goto('/login/verify?method=email').then(() => press(page, 'Send link'));
}

/** Asks for a link as this person, and opens it after something else happened. */
function openLink(name, meanwhile = () => {}) {
  return async (page) => {
    await sendLink(page);
    const link = await mailedLink(servers.main, `${name}@example.com`);
    await meanwhile(page);
    return page.goto(link);
  };
}

async function createCodes(page) {
  await page.goto('/security/codes/new');
  return press(page, 'Create new codes');
}

// A-10: the token of each field, wherever it appears.
const AUTOCOMPLETE = {
  organization: ['organization'],
  first_name: ['given-name'],
  last_name: ['family-name'],
  email: ['username', 'username webauthn', 'email'],
  username: ['username'],
  current_password: ['current-password'],
  password: ['current-password', 'new-password'],
  code: ['one-time-code', 'off'],
  name: ['off'],
  from: ['off'],
  days: ['off'],
  trust_days: ['off'],
  search: ['off'],
  reason: ['off'],
  confirm: ['off'],
};

// --- The people ---

const servers = {};
const idle = { empty: [], main: [] }; // pages at each server that nobody looks at
const links = {};
const apps = {}; // name of the person: their authenticator app
const codes = {}; // name of the person: their backup codes
const sessions = {}; // name of the person: their cookies
const outlines = new Map();
let browser;
const seenFields = new Set();

describe('every page', { skip }, () => {
  before(setUp);
  after(async () => {
    await Promise.all(Object.values(idle).flat().map((page) => page.close()));
    await browser.close();
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  });

  let known = new Map();
  before(async () => {
    known = parseOutlines(await readFile(OUTLINES, 'utf8').catch(() => ''));
  });

  describe('in every way', { concurrency: 3 }, () => {
    for (const state of STATES) test(state.name, (t) => look(t, state, known));
  });

  test('A-10 every field of the table was seen', () => {
    assert.deepEqual([...seenFields].sort(), Object.keys(AUTOCOMPLETE).sort());
  });

  test('A-11 outlines.txt names these states and no others', async () => {
    if (process.env.UPDATE === '1') {
      const text = STATES.map(({ name }) => `# ${name}\n${outlines.get(name)}\n`).join('\n');
      await writeFile(OUTLINES, text);
    } else {
      assert.deepEqual([...known.keys()], STATES.map((state) => state.name));
    }
  });
});

/** A page for somebody with these cookies at this address. One that was looked at before, if there is one. */
async function pageAt(name, cookies, address) {
  let page = idle[name].pop();
  if (!page) {
    page = await browser.newPage({
      origin: servers[name].origin,
      userAgent: MAC,
      reducedMotion: 'reduce', // so that colours do not fade while they are measured; V-6 is about this very state
    });
    await page.addInitScript(watchLayoutShifts);
    // Whoever comes first has nothing yet, and waits for every file while the page is laid out.
    await (await devtools(page)).send('Network.enable');
    await (await devtools(page)).send('Network.setCacheDisabled', { cacheDisabled: true });
  }
  await page.startOver({ cookies, extraHTTPHeaders: { 'x-forwarded-for': address } });
  return page;
}

async function look(t, state, known) {
  const { on = 'main', from = '203.0.113.7', open } = state;
  const page = await pageAt(on, sessions[state.as], from);
  const response = await (typeof open === 'string' ? page.goto(open) : open(page));
  const problems = state.problems ?? [];
  const scheme = (colorScheme) => page.emulateMedia({ colorScheme });

  await t.test('status', () => assert.equal(response.status(), state.status ?? 200));

  await t.test('A-8 the title and the errors say the same everywhere', async () => {
    const prefix = problems.length > 0 ? 'Error: ' : '';
    assert.equal(await page.title(), `${prefix}${state.title} - Countersign`);
    await checkProblems(page, problems);
  });

  await t.test('FR-5 one h1, and it is the title', async () => {
    assert.deepEqual(await page.locator('h1').allInnerTexts(), [state.title]);
  });

  await t.test('A-11 landmarks and headings', async () => {
    const outline = await outlineOf(page);
    outlines.set(state.name, outline);
    if (process.env.UPDATE !== '1') assert.equal(outline, known.get(state.name));
  });

  await t.test('A-4 help is the last link, with the same words', async () => {
    const last = page.locator('a').last();
    const words = await page.getByRole('button', { name: 'Sign out' }).count() > 0
      ? 'Help with sign-in and recovery'
      : "Can't sign in?";
    assert.deepEqual([await last.getAttribute('href'), await last.innerText()], ['/help', words]);
    assert.equal(await page.locator('footer a').count(), 1);
  });

  await t.test('A-10 autocomplete', async () => {
    const fields = await page.$$eval('input:not([type=hidden], [type=radio], [type=checkbox])', (inputs) =>
      inputs.map((input) => [input.name, input.getAttribute('autocomplete')]));
    for (const [name, token] of fields) {
      seenFields.add(name);
      assert(AUTOCOMPLETE[name]?.includes(token), `${name}: ${token}`);
    }
  });

  await t.test('FR-12 nothing inline', async () => {
    assert.equal(await page.locator('[style], style, script:not([src])').count(), 0);
  });

  await t.test('V-10 weight, and nothing moves', async () => {
    const { html, css, js, shift } = await page.evaluate(weigh);
    assert(html > 0 && html < 30_000, `HTML ${html}`);
    assert(css > 0 && css < 12_000, `CSS ${css}`);
    assert(js < 8_000, `JS ${js}`);
    assert(state.isPressed || shift < 0.01, `layout shift ${shift}`); // a tenth of what counts as good; a slow machine paints in pieces
  });

  await t.test('V-6 no motion where it is not wanted', async () => {
    assert.deepEqual(await page.evaluate(findMotion), []);
  });

  await t.test('V-1 A-1 light', async () => assert.deepEqual(await axe(page), []));
  await screenshot(page, `${slug(state.name)}-light-1280`);
  await scheme('dark');
  await t.test('V-1 dark', async () => assert.deepEqual(await axe(page, ['color-contrast']), []));
  await screenshot(page, `${slug(state.name)}-dark-1280`);

  await t.test('V-2 forced colours', async () => {
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    assert.deepEqual(await page.evaluate(findBorderless), []);
    await screenshot(page, `${slug(state.name)}-forced-1280`);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  const fits = async () => {
    await noHorizontalScroll(page);
    assert.deepEqual(await page.evaluate(findOverlaps), [], 'these overlap');
    assert.deepEqual(await page.evaluate(findClipped), [], 'these are cut off');
  };
  await t.test('V-3 1280x800', fits);
  await t.test('V-5 targets at 1280x800', async () => assert.deepEqual(await page.evaluate(findSmallTargets, TARGET), []));
  const fitsAtTwice = async () => {
    await setText(page, 200);
    await fits().finally(() => setText(page, 100));
  };
  await t.test('V-3 1280x800 at 200% text', fitsAtTwice);
  await page.setViewportSize(NARROW);
  await t.test('V-3 FR-10 320x568', fits);
  await screenshot(page, `${slug(state.name)}-light-320`);
  await t.test('V-5 targets at 320x568', async () => assert.deepEqual(await page.evaluate(findSmallTargets, TARGET), []));
  await t.test('V-3 320x568 at 200% text', fitsAtTwice);
  await t.test('V-4 text spacing', async () => {
    await page.evaluate(spaceText);
    await fits();
    await page.setViewportSize(WIDE);
    await fits();
  });
  // V-8 and V-9.
  await t.test('V-8 V-9 no complaint, and nothing from elsewhere', () => page.behaved());
  idle[on].push(page);
}

async function setUp() {
  [servers.empty, servers.main] = await Promise.all([
    startServer(),
    // Each page then comes from an address of its own choice, so that one of them can be throttled alone.
    startServer({ settings: { COUNTERSIGN_TRUSTED_PROXIES: '1' } }),
  ]);
  browser = await launchBrowser(servers.main.origin);

  const people = { ada: ADA };
  const plain = ['asking', 'busy', 'confirming', 'deadline', 'gated', 'late', 'new', 'off', 'olga', 'phil', 'reset', 'stuck'];
  const mailed = ['elsewhere', 'expired', 'hasty', 'mailed', 'opening', 'typing', 'waiting']; // with an app and an email link
  const withApp = [
    'app', 'bare', 'coder', 'half', 'keyed', 'locked', 'lone', ...mailed, 'must', 'reader', 'returning', 'sole', 'spent', 'suspended', 'third', 'two',
    'unsaved',
  ];
  for (const [name, { app }] of Object.entries(MEMBERS)) (app ? withApp : plain).push(name);
  for (const name of [...plain, ...withApp]) people[name] = `${name}@example.com`;
  const organizations = { deadline: 'Fabrikam', stuck: 'Contoso' };
  const address = (name) => (withApp.includes(name) ? `192.0.2.${withApp.indexOf(name)}` : '203.0.113.7'); // which may try only so many codes
  await forEach(Object.entries(people), ([name, email]) => {
    const { organization = organizations[name] ?? 'Northwind', role } = MEMBERS[name] ?? {};
    return createUser(servers.main, email, { organization, role, password: PASSWORD });
  });
  for (const name of withApp) {
    const given = await giveApp(servers.main, people[name], { 'user-agent': 'backup-script/1.4', 'x-forwarded-for': address(name) });
    [apps[name], codes[name]] = [given.app, given.codes];
  }
  await fillOrganizations(servers.main);
  links.grace = await createUser(servers.main, 'grace.hopper@example.com', { organization: 'Northwind' });

  // Ada's other devices, a program among them, and a try that failed; enough events of one person for three pages.
  await signInUnseen(servers.main, ADA, { userAgent: PHONE, address: '198.51.100.23' });
  await signInUnseen(servers.main, ADA, { userAgent: WINDOWS, address: '2001:db8:4006:812::200e' });
  await signInUnseen(servers.main, people.phil, { userAgent: PHONE, address: '198.51.100.23' });
  const program = { 'user-agent': 'backup-script/1.4', 'x-forwarded-for': '192.0.2.44' };
  await api(servers.main, 'POST', '/user/login', { body: { email: ADA, password: PASSWORD }, headers: program });
  await api(servers.main, 'POST', '/user/login', { body: wrong, headers: program });
  const half = ['half', 'keyed', 'locked', 'lone', ...mailed, 'suspended', 'third', ...Object.keys(MEMBERS).filter((name) => MEMBERS[name].isHalf)]; // who stay at the second step
  for (const name of ['ada', ...plain, ...withApp]) {
    const app = half.includes(name) ? undefined : apps[name];
    sessions[name] = await signInUnseen(servers.main, people[name], { userAgent: MAC, address: address(name), app });
  }

  const now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
  const factor = (name, method, enabled) =>
    `INSERT INTO factors (id, user_id, method, verified_at, enabled, created_at)
     SELECT 'factor-${name}', id, '${method}', ${now}, ${enabled}, ${now} FROM users WHERE email = '${people[name]}';`;
  const passkey = (kind, name, label, synced, transports) =>
    `INSERT INTO passkeys (id, factor_id, user_id, credential_id, credential, counter, backup_eligible, backup_state, discoverable,
       transports, rp_id, name, created_at)
     SELECT '${kind}-${name}', 'factor-${name}', id, CAST('${kind}-${name}' AS BLOB), '{}', 0, ${synced}, ${synced}, ${synced},
       '${transports}', 'localhost', '${label}', ${now} FROM users WHERE email = '${people[name]}';`;
  await sql(servers.main, `
    UPDATE users SET mfa_required = TRUE WHERE email IN ('${people.gated}', '${people.must}');
    UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = created_at, allow_totp = FALSE, allow_passkey = FALSE, allow_magic_link = FALSE WHERE name = 'Contoso';
    UPDATE users SET mfa_reset_at = ${now} WHERE email = '${people.reset}';
    UPDATE users SET backup_codes_left = NULL WHERE email = '${people.bare}';
    DELETE FROM backup_code_sets WHERE user_id = (SELECT id FROM users WHERE email = '${people.bare}');
    UPDATE users SET backup_codes_left = 0 WHERE email = '${people.spent}';
    UPDATE users SET backup_codes_left = 2, primary_method = 'totp' WHERE email = '${people.two}';
    UPDATE backup_code_sets SET plain = NULL, plain_until = NULL, saved_at = ${now}
      WHERE user_id NOT IN (SELECT id FROM users WHERE email = '${people.unsaved}');
    ${factor('two', 'passkey', 'TRUE')}
    ${factor('spent', 'passkey', 'TRUE')}
    ${factor('keyed', 'passkey', 'TRUE')}
    UPDATE users SET primary_method = 'passkey' WHERE email = '${people.keyed}';
    ${passkey('laptop', 'two', 'Work laptop', 'TRUE', 'internal')}
    ${passkey('key', 'two', 'Blue key', 'FALSE', 'usb nfc')}
    ${passkey('laptop', 'keyed', 'Work laptop', 'TRUE', 'internal')}
    ${[...mailed, 'lone', 'reader', 'sole'].map((name) => factor(name, 'magic_link', 'TRUE')).join('\n')}
    UPDATE users SET primary_method = 'magic_link' WHERE email IN (${[...mailed, 'lone', 'sole'].map((name) => `'${people[name]}'`)});
    DELETE FROM factors WHERE method = 'totp' AND user_id IN (SELECT id FROM users WHERE email IN ('${people.lone}', '${people.sole}'));
    UPDATE users SET password_by_mail = TRUE, backup_codes_left = NULL WHERE email = '${people.lone}';
    DELETE FROM backup_code_sets WHERE user_id = (SELECT id FROM users WHERE email = '${people.lone}');
    INSERT INTO mfa_attempts (user_id, streak, wrong, locked_until, suspended_at, run_length, updated_at)
      SELECT id, 's', 5, '2099-11-30 00:00:00', NULL, 0, ${now} FROM users WHERE email = '${people.locked}'
      UNION ALL SELECT id, 's', 2, NULL, NULL, 0, ${now} FROM users WHERE email = '${people.third}'
      UNION ALL SELECT id, 's', 100, NULL, ${now}, 0, ${now} FROM users WHERE email = '${people.suspended}';
    UPDATE factors SET suspended_at = ${now} WHERE user_id = (SELECT id FROM users WHERE email = '${people.suspended}');
    UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = '2099-11-30 00:00:00' WHERE name = 'Fabrikam';
    ${factor('off', 'totp', 'FALSE')}
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    INSERT INTO activity (seq, id, at, event, outcome, door, user_id, key_id, hash)
    SELECT -i, 'made-' || i, '2026-11-0' || (1 + i % 9) || ' 09:03:00', 'authn_login_success', 'success', 'browser', u.id, 'none', x''
    FROM n, users u WHERE u.email = '${people.busy}';
  `);
}

function endSessions(email) {
  return sql(servers.main, `UPDATE sessions SET ended_at = created_at
    WHERE user_id = (SELECT id FROM users WHERE email = '${email}');`);
}

/** As if the page had been open since before the last sign-in. */
async function spoilToken(page) {
  await page.$$eval('input[name=csrf]', (inputs) => inputs.forEach((input) => (input.value = 'stale')));
}

// --- The checks ---

async function checkProblems(page, problems) {
  const links = page.locator('.summary li');
  const texts = await links.allInnerTexts();
  assert.equal(texts.length, problems.length, texts.join(' / '));
  for (const [i, wanted] of problems.entries()) {
    if (wanted instanceof RegExp) assert.match(texts[i], wanted);
    else assert.equal(texts[i], wanted);
    const href = await links.nth(i).locator('a').getAttribute('href', { timeout: 100 }).catch(() => null);
    if (href === null) continue; // about the form as a whole
    const field = page.locator(href);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const described = (await field.getAttribute('aria-describedby')).split(' ');
    assert.equal(await page.locator(`#${described.at(-1)}`).textContent(), `Error: ${texts[i]}`);
  }
  assert.equal(await page.locator('[aria-invalid]').count(), await page.locator('.summary a').count());
}

async function outlineOf(page) {
  const tree = await page.locator('body').ariaSnapshot();
  const kinds = /^\s*- (alert|banner|contentinfo|heading|main|navigation|region|status)\b/;
  return tree
    .split('\n')
    .filter((line) => kinds.test(line))
    .map((line) => line.replace(/:.*$/, '').replace(/\d\d:\d\d UTC/, 'HH:MM UTC'))
    .join('\n');
}

function parseOutlines(text) {
  const parts = text.split(/^# /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trimEnd()]));
}

const slug = (name) => name.replaceAll(/\W+/g, '-');

/** The text size that people set in their browser. */
async function setText(page, percent) {
  const sizes = { standard: (16 * percent) / 100, fixed: (13 * percent) / 100 };
  await (await devtools(page)).send('Page.setFontSizes', { fontSizes: sizes });
  const now = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  assert.equal(now, `${sizes.standard}px`);
}

// One connection a page: what it has set is forgotten when it ends.
const connections = new WeakMap();
function devtools(page) {
  if (!connections.has(page)) connections.set(page, page.context().newCDPSession(page));
  return connections.get(page);
}

// The functions below run in the page.

function watchLayoutShifts() {
  globalThis.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.shifted += entry.value)))
    .observe({ type: 'layout-shift', buffered: true });
}

function weigh() {
  const [page] = performance.getEntriesByType('navigation');
  const files = performance.getEntriesByType('resource');
  const size = (end) => files.filter((f) => f.name.endsWith(end)).reduce((sum, f) => sum + f.decodedBodySize, 0);
  return { html: page.decodedBodySize, css: size('.css'), js: size('.js'), shift: globalThis.shifted };
}

function findMotion() {
  const moving = [...document.querySelectorAll('*')].filter((e) => {
    const { transitionDuration, animationDuration } = getComputedStyle(e);
    return [transitionDuration, animationDuration].some((times) => times.split(',').some((time) => parseFloat(time) > 0.001));
  });
  return [...moving.map((e) => e.outerHTML.slice(0, 80)), ...document.getAnimations().map((a) => `${a}`)];
}

function findBorderless() {
  const shapes = document.querySelectorAll('button, .button, input:not([type=hidden], [type=radio], [type=checkbox], .visually-hidden), .badge, .notice, .flash, .summary, .card');
  return [...shapes]
    .filter((e) => e.checkVisibility())
    .filter((e) => {
      const style = getComputedStyle(e);
      return parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === 'none' || style.borderTopColor === style.backgroundColor;
    })
    .map((e) => e.outerHTML.slice(0, 80));
}

function findOverlaps() {
  // Only what stands beside each other can overlap; a button inside its field may.
  const parts = [...document.querySelectorAll('a, button, input:not(.visually-hidden), label, summary, h1, h2, h3, time, .badge, .who, .hint')]
    .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
    // These reach into the plain text below them, so that they are easy to hit.
    .filter((e) => !e.matches('.reveal-button, .others a, .option label'));
  const found = [];
  const rects = parts.map((e) => [...e.getClientRects()]);
  for (const [i, a] of parts.entries()) {
    for (const [j, b] of parts.entries()) {
      if (j <= i || a.contains(b) || b.contains(a)) continue;
      const hit = rects[i].some((p) => rects[j].some((q) =>
        Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1));
      if (hit) found.push(`${a.outerHTML.slice(0, 60)} | ${b.outerHTML.slice(0, 60)}`);
    }
  }
  return found;
}

function findClipped() {
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden, .skip, svg, thead') && !e.matches('input, .brand span'))
    .filter((e) => {
      const { overflowX, overflowY } = getComputedStyle(e);
      return (overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1) || (overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1);
    })
    .map((e) => e.outerHTML.slice(0, 80));
}

function findSmallTargets(least) {
  // A radio button is pressed by its label too.
  return [...document.querySelectorAll('a, button, input:not([type=hidden], [type=radio], [type=checkbox]), .option label, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
    .filter((e) => {
      const { width, height } = e.getBoundingClientRect();
      return height < least || width < least;
    })
    .map((e) => `${e.getBoundingClientRect().width}x${e.getBoundingClientRect().height} ${e.outerHTML.slice(0, 80)}`);
}

function spaceText() {
  const sheet = new CSSStyleSheet(); // an element would be refused by the policy
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}
