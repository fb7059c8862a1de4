// The Flashback platform's TypeScript client, call by call: the same paths, methods, bodies and headers that it sends, and
// the fields that its types promise. Its package cannot be had everywhere, so its way of asking is written down here.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from './harness.mjs';
import { Authenticator, PASSWORD, createUser, mailed } from './people.mjs';

const EMAIL = 'ada@example.com';
const DEVICE = { userAgent: 'x', deviceType: 'DESKTOP', os: 'x', browser: 'x' };

/** Asks as the client does: a Content-Type only with a body, `undefined` fields left out, an error for every refusal. */
function client(origin) {
  const headers = {};
  const ask = async (method, path, data) => {
    const options = { method, headers: { ...headers }, body: data ? JSON.stringify(data) : null };
    if (data) options.headers['Content-Type'] = 'application/json';
    const response = await fetch(`${origin}/${path}`, options);
    const text = await response.text();
    const body = text ? JSON.parse(text) : null;
    if (!response.ok) throw Object.assign(new Error(body?.message), { status: response.status, body });
    return body;
  };
  return {
    setAuthToken: (token) => (headers.Authorization = `Bearer ${token}`),
    userLogin: (data) => ask('POST', 'user/login', data),
    userRefresh: (token) => ask('POST', 'user/refresh', { refresh_token: token }),
    userLogout: (token) => ask('POST', 'user/logout', { refresh_token: token }),
    getUserProfile: () => ask('GET', 'user/profile', null),
    getTokens: () => ask('GET', 'token', null),
    revokeToken: (id) => ask('DELETE', `token/${id}`, null),
    getSessions: () => ask('GET', 'sessions', null),
    revokeSession: (id) => ask('POST', `sessions/${id}/revoke`, null),
    revokeAllSessions: () => ask('POST', 'sessions/revoke-all', null),
    getMFAStatus: () => ask('GET', 'mfa/status', null),
    getAvailableMethods: () => ask('GET', 'mfa/methods', null),
    setupMFA: (data) => ask('POST', 'mfa/setup', data),
    verifyMFASetup: (data) => ask('POST', 'mfa/verify-setup', data),
    verifyMFALogin: (data) => ask('POST', 'mfa/verify-login', data),
    enableMFA: (data) => ask('POST', 'mfa/enable', data),
    disableMFA: (data) => ask('POST', 'mfa/disable', data),
    setPrimaryMFA: (data) => ask('POST', 'mfa/primary', data),
    resetMFA: (data) => ask('POST', 'mfa/reset', data),
    sendMagicLink: () => ask('POST', 'mfa/magic-link/send', null),
    enforceOrganizationMFA: (data) => ask('POST', 'mfa/organization/enforce', data),
    getOrganizationUsers: () => ask('GET', 'organization/users', null),
    createOrganizationUser: (data) => ask('POST', 'organization/users', data),
    getOrganizationUser: (id) => ask('GET', `organization/users/${id}`, null),
    updateOrganizationUser: (id, data) => ask('PUT', `organization/users/${id}`, data),
    deleteOrganizationUser: (id) => ask('DELETE', `organization/users/${id}`, null),
    getOrganization: (id) => ask('GET', `organization/${id}`, null),
    updateOrganization: (id, data) => ask('PUT', `organization/${id}`, data),
    updateUserRole: (id, orgRole) => ask('PUT', `user/${id}/role`, { orgRole }),
    activateMagicLink: (data) => ask('POST', 'mfa/magic-link/activate', data),
  };
}

const types = (object, expected) => {
  for (const [name, type] of Object.entries(expected)) assert.equal(typeof object[name], type, name);
};

describe('the published client works as it is', () => {
  const app = { mfaType: 'GOOGLE_AUTH' };
  let server, api, login, authenticator;

  before(async () => {
    server = await startServer();
    await createUser(server, EMAIL, { organization: 'Northwind', role: 'owner', password: PASSWORD });
    api = client(server.origin);
  });
  after(() => server.stop());

  const signIn = () => api.userLogin({ email: EMAIL, password: PASSWORD, deviceInfo: DEVICE });

  test('userLogin, getUserProfile, userRefresh', async () => {
    login = await signIn();
    types(login, { accessToken: 'string', refreshToken: 'string', tokenId: 'string', expiresAt: 'number' });
    types(login.user, { id: 'string', email: 'string', name: 'string', orgId: 'string', orgRole: 'number' });
    api.setAuthToken(login.accessToken);
    const profile = await api.getUserProfile();
    types(profile.data, { id: 'string', name: 'string', lastName: 'string', email: 'string', orgId: 'string', orgRole: 'number' });
    types(profile.data, { orgRoleDescription: 'string', validated: 'boolean', mfaRequired: 'boolean', isBusiness: 'boolean' });
    assert.ok(Array.isArray(profile.data.orgRoles));
    const refreshed = await api.userRefresh(login.refreshToken);
    types(refreshed, { token: 'string', accessToken: 'string', refreshToken: 'string', expiresAt: 'number' });
    login = { ...login, ...refreshed };
    api.setAuthToken(login.accessToken);
  });

  test('getTokens, revokeToken, getSessions, revokeSession, revokeAllSessions', async () => {
    const [other, third] = [await signIn(), await signIn(), await signIn()];
    const { tokens } = await api.getTokens();
    assert.equal(tokens.length, 4);
    types(tokens[0], { id: 'string', createdAt: 'string', lastUsedAt: 'string', expiresAt: 'string', isCurrent: 'boolean' });
    const { sessions } = await api.getSessions();
    types(sessions[0], { id: 'string', startedAt: 'string', lastActivity: 'string', expiresAt: 'string', loginMethod: 'string' });
    for (const answer of [await api.revokeToken(other.tokenId), await api.revokeSession(third.tokenId), await api.revokeAllSessions()]) {
      types(answer, { success: 'boolean', message: 'string' });
    }
    assert.equal((await api.getTokens()).tokens.length, 1);
  });

  test('getMFAStatus, getAvailableMethods, setupMFA, verifyMFASetup', async () => {
    const { data } = await api.getMFAStatus();
    types(data, { isEnabled: 'boolean', isRequired: 'boolean', isEnforced: 'boolean', sessionVerified: 'boolean' });
    assert.deepEqual(data.enabledMethods, []);
    const methods = (await api.getAvailableMethods()).data;
    assert.deepEqual(methods.map(({ type }) => type), ['GOOGLE_AUTH', 'MAGIC_LINK', 'PASSKEY']);
    const setup = (await api.setupMFA({ ...app, deviceInfo: DEVICE })).data;
    types(setup, { secret: 'string', qrCode: 'string' });
    assert.equal(setup.backupCodes.length, 10);
    authenticator = new Authenticator(setup.otpauthUrl);
    const wrong = await api.verifyMFASetup({ ...app, code: authenticator.wrong() }).catch((error) => error);
    assert.deepEqual([wrong.status, wrong.body.error], [400, 'MFA setup verification failed']);
    const verified = await api.verifyMFASetup({ ...app, code: await authenticator.code() });
    assert.equal(verified.message, 'MFA setup verified and enabled');
  });

  test('verifyMFALogin', async () => {
    const limited = await signIn();
    assert.deepEqual([limited.mfaRequired, limited.refreshToken], [true, undefined]);
    api.setAuthToken(limited.accessToken);
    assert.equal((await api.getMFAStatus()).data.sessionVerified, false);
    const closed = await api.getUserProfile().catch((error) => error);
    assert.deepEqual([closed.status, closed.body.error_code], [403, 'mfa_required']);
    const code = await authenticator.code();
    const full = await api.verifyMFALogin({ ...app, code, sessionId: 'x', ipAddress: '192.0.2.1', userAgent: 'x' });
    types(full, { message: 'string', fullAccessToken: 'string', refreshToken: 'string' });
    login = full;
    api.setAuthToken(full.fullAccessToken);
    assert.equal((await api.getMFAStatus()).data.sessionVerified, true);
  });

  test('setPrimaryMFA, disableMFA, enableMFA, resetMFA', async () => {
    assert.equal((await api.setPrimaryMFA(app)).message, 'Primary MFA method updated');
    assert.equal((await api.disableMFA(app)).message, 'MFA method disabled');
    assert.equal((await api.getMFAStatus()).data.isEnabled, false);
    assert.equal((await api.enableMFA(app)).message, 'MFA method enabled');
    assert.equal((await api.getMFAStatus()).data.primaryMethod, 'GOOGLE_AUTH');
    assert.equal((await api.resetMFA({ resetUserId: undefined, enable: false })).message, 'MFA reset successfully');
    assert.deepEqual((await api.getMFAStatus()).data.enabledMethods, []);
  });

  test('setupMFA with a magic link, activateMagicLink, sendMagicLink, verifyMFALogin', async () => {
    const link = { mfaType: 'MAGIC_LINK' };
    const tokenOf = async (path) => (await mailed(server, EMAIL, path)).link.split('/').at(-1);
    const setup = (await api.setupMFA({ ...link, email: EMAIL, deviceInfo: DEVICE })).data;
    assert.deepEqual([setup.email, setup.verificationRequired], [EMAIL, true]);
    const activated = await api.activateMagicLink({ token: await tokenOf('/security/email/confirm/') });
    types(activated, { success: 'boolean', message: 'string' });
    assert.deepEqual((await api.getMFAStatus()).data.enabledMethods, ['MAGIC_LINK']);
    const spent = await api.activateMagicLink({ token: await tokenOf('/security/email/confirm/') }).catch((error) => error);
    assert.deepEqual([spent.status, spent.body.error], [400, 'Invalid or expired token']);
    const limited = await signIn();
    assert.deepEqual([limited.mfaRequired, limited.primaryMethod], [true, 'MAGIC_LINK']);
    api.setAuthToken(limited.accessToken);
    assert.equal((await api.sendMagicLink()).message, 'Magic link sent successfully');
    login = await api.verifyMFALogin({ ...link, token: await tokenOf('/login/link/') });
    types(login, { message: 'string', fullAccessToken: 'string', refreshToken: 'string' });
    api.setAuthToken(login.fullAccessToken);
    assert.equal((await api.getMFAStatus()).data.sessionVerified, true);
  });

  test('getOrganizationUsers, createOrganizationUser, getOrganizationUser, updateOrganizationUser, updateUserRole, deleteOrganizationUser', async () => {
    const grace = { email: 'grace@example.com', password: '', firstName: 'Grace', lastName: 'Hopper', orgRole: 1, sendInvite: true };
    const created = await api.createOrganizationUser(grace);
    types(created, { success: 'boolean', message: 'string' });
    types(created.data, { id: 'string', email: 'string', name: 'string', lastName: 'string', orgId: 'string', orgRole: 'number' });
    types(created.data, { validated: 'boolean', orgRoleDescription: 'string' });
    assert.deepEqual([created.data.orgRoles, created.data.deletedAt], [[1], null]);
    const { id } = created.data;
    const { data, total } = await api.getOrganizationUsers();
    assert.deepEqual([data.map((user) => user.email), total], [[EMAIL, grace.email], 2]);
    assert.equal((await api.getOrganizationUser(id)).email, grace.email);
    assert.equal((await api.updateOrganizationUser(id, { name: 'Amazing' })).data.name, 'Amazing');
    const role = (await api.updateUserRole(id, 254)).data;
    assert.deepEqual([role.userId, role.previousRole, role.newRole], [id, 1, 254]);
    types(role, { message: 'string' });
    assert.equal((await api.deleteOrganizationUser(id)).success, true);
    const gone = await api.getOrganizationUser(id).catch((error) => error);
    assert.deepEqual([gone.status, gone.body.error_code], [404, 'not_found']);
  });

  test('enforceOrganizationMFA, getOrganization, updateOrganization, resetMFA of a member', async () => {
    const { orgId } = (await api.getUserProfile()).data;
    assert.equal((await api.enforceOrganizationMFA({ enforced: true })).message, 'MFA enforcement enabled for organization');
    const { data } = await api.getOrganization(orgId);
    types(data, { id: 'string', name: 'string', domain: 'string', reposDisabled: 'boolean', is_business: 'boolean', mfaEnforced: 'boolean' });
    assert.equal(data.mfaEnforced, true);
    const changed = await api.updateOrganization(orgId, { name: 'Southwind', mfaEnforced: false, city: 'Oslo' });
    assert.deepEqual([changed.data.name, changed.data.mfaEnforced], ['Southwind', false]);
    types(changed, { success: 'boolean', message: 'string' });
    const member = { email: 'edsger@example.com', password: PASSWORD, firstName: 'Edsger', lastName: 'Dijkstra' };
    const { id } = (await api.createOrganizationUser(member)).data;
    assert.equal((await api.resetMFA({ resetUserId: id, enable: true })).message, 'MFA reset successfully');
    const limited = await api.userLogin({ email: member.email, password: PASSWORD });
    assert.equal(limited.mfaSetupRequired, true);
  });

  test('userLogout', async () => {
    assert.equal((await api.userLogout(login.refreshToken)).success, true);
    const gone = await api.getMFAStatus().catch((error) => error);
    assert.deepEqual([gone.status, gone.body.success], [401, false]);
  });
});
