// Passkeys in the tests: authenticators that Chromium believes in, what pages and browsers say to each other, and what
// the database holds. Asserts nothing.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PASSWORD, press, signIn } from './people.mjs';

/** What a password manager on the device and a security key are like. */
const KINDS = {
  internal: { transport: 'internal', defaultBackupEligibility: true, defaultBackupState: true },
  usb: { transport: 'usb', defaultBackupEligibility: false, defaultBackupState: false },
};

/**
 * Gives a page authenticators: `add(kind)` makes one that agrees to everything at once, until it is told otherwise.
 * `deleted` and `updated` are what pages had changed in them. At most one of a page can be internal.
 */
export async function authenticators(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const deleted = [];
  const updated = [];
  cdp.on('WebAuthn.credentialDeleted', ({ credentialId }) => deleted.push(base64url(credentialId)));
  cdp.on('WebAuthn.credentialUpdated', ({ credential }) => updated.push(credential));
  return {
    deleted,
    updated,
    async add(kind = 'internal', options = {}) {
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          ctap2Version: 'ctap2_1',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
          ...KINDS[kind],
          ...options,
        },
      });
      return new Device(cdp, authenticatorId);
    },
  };
}

/** One authenticator. */
class Device {
  constructor(cdp, authenticatorId) {
    this.send = (what, parameters) => cdp.send(`WebAuthn.${what}`, { authenticatorId, ...parameters });
  }

  /** The passkeys in it, their ids as the server writes them. */
  async passkeys() {
    const { credentials } = await this.send('getCredentials');
    return credentials.map((one) => ({ ...one, id: base64url(one.credentialId) }));
  }

  /** The ids of the passkeys in it. */
  async ids() {
    return (await this.passkeys()).map(({ id }) => id);
  }

  /** Whether somebody is there who touches it. Silent questions see only what was so when they were asked. */
  touch(enabled) {
    return this.send('setAutomaticPresenceSimulation', { enabled });
  }

  /** Whether the finger, face or PIN is the right one. */
  verify(isUserVerified) {
    return this.send('setUserVerified', { isUserVerified });
  }

  /** What is wrong with its answers: `isBogusSignature`, `isBadUV`. */
  spoil(bits) {
    return this.send('setResponseOverrideBits', { isBogusSignature: false, isBadUV: false, isBadUP: false, ...bits });
  }

  /** Changes the only passkey in it: `backupEligibility`, `backupState`. */
  async change(properties) {
    const [{ credentialId }] = await this.passkeys();
    await this.send('setCredentialProperties', { credentialId, ...properties });
  }

  /** Takes it away. */
  remove() {
    return this.send('removeVirtualAuthenticator');
  }
}

const base64url = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** Signs in, adds a passkey under the name it gets, and says that the codes are saved. */
export async function firstPasskey(page, email, password = PASSWORD) {
  await signIn(page, email, password);
  await addPasskey(page);
  await page.getByRole('link', { name: 'Keep this name' }).click();
  await press(page, "I've saved my codes");
}

/** Adds a passkey or security key, and resolves to the name that it got; its page is open then. */
export async function addPasskey(page, button = 'Add passkey') {
  await page.goto('/security/passkeys/add');
  await press(page, button);
  return page.getByLabel('Name', { exact: true }).inputValue();
}

/**
 * Keeps what the server wants asked, from the next question on, in the array that it resolves to. `change` may alter it
 * before the browser sees it.
 */
export async function watchOptions(page, url, change = () => {}) {
  const asked = [];
  // An answer that is still on its way is of no use to anybody any more.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.route(url, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    if (response.status() !== 200) return route.fulfill({ response });
    const json = await response.json();
    asked.push(structuredClone(json));
    change(json);
    return route.fulfill({ response, json });
  });
  return asked;
}

/** Alters what a page sends of a new passkey, from now on. Nobody vouches for most of it, so the server believes it. */
export async function alterAnswers(page, change) {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.route('**/security/passkeys/add', async (route, request) => {
    if (request.method() !== 'POST') return route.continue();
    const form = new URLSearchParams(request.postData());
    const credential = JSON.parse(form.get('credential'));
    change(credential.response);
    form.set('credential', JSON.stringify(credential));
    return route.continue({ postData: form.toString() });
  });
}

/** For `alterAnswers`: the number of another maker. */
export function setMaker(response, aaguid) {
  const chromium = Buffer.from('01020304050607080102030405060708', 'hex');
  const object = Buffer.from(response.attestationObject, 'base64url');
  object.write(aaguid.replaceAll('-', ''), object.indexOf(chromium), 'hex');
  response.attestationObject = object.toString('base64url');
}

/**
 * For `page.addInitScript`: `globalThis.calls` holds what the page asked the browser for, `globalThis.most` how much of it
 * at one time, and `globalThis.failures` the names of what came back instead of a passkey. A name in
 * `globalThis.failNext` is what the next question of a button fails with.
 */
export function recordCalls() {
  Object.assign(globalThis, { calls: [], failures: [], most: 0 });
  if (!globalThis.CredentialsContainer) return; // an empty page
  let open = 0;
  for (const kind of ['get', 'create']) {
    const original = CredentialsContainer.prototype[kind];
    CredentialsContainer.prototype[kind] = async function (options) {
      globalThis.calls.push(options.mediation ?? kind);
      open += 1;
      globalThis.most = Math.max(globalThis.most, open);
      const name = options.mediation ? undefined : globalThis.failNext;
      try {
        if (!name) return await original.call(this, options);
        delete globalThis.failNext;
        throw new DOMException('a detail for developers', name);
      } catch (error) {
        globalThis.failures.push(error.name);
        throw error;
      } finally {
        open -= 1;
      }
    };
  }
}

/** For `page.addInitScript`: a browser that offers no passkeys in its fields. */
export function neverOffer() {
  if (globalThis.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
}

/** For `page.addInitScript`: a browser that knows no passkeys. */
export function noPasskeys() {
  delete globalThis.PublicKeyCredential;
}

/** What a query of the embedded database finds. */
export async function rows(server, query) {
  const file = join(server.dataDir, 'countersign.db');
  const { stdout } = await promisify(execFile)('sqlite3', ['-json', '-cmd', '.timeout 5000', file, query]);
  return stdout === '' ? [] : JSON.parse(stdout);
}

/** The ids of an account's passkeys as the server holds them, oldest first. */
export async function storedIds(server, email) {
  const found = await rows(server, `SELECT hex(credential_id) AS id FROM passkeys
    WHERE user_id = (SELECT id FROM users WHERE email = '${email}') ORDER BY created_at, id`);
  return found.map(({ id }) => Buffer.from(id, 'hex').toString('base64url'));
}
