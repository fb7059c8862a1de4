// The organizations that the page tests look at, and the states of their administrators' pages. Asserts nothing.

import { WINDOWS, createUser, forEach, press, sql } from './people.mjs';

/**
 * Who is in which organization besides those that the page tests make themselves. `app`: has an authenticator app; `isHalf`: stays
 * at the second step.
 */
export const MEMBERS = {
  boss: { organization: 'Tailspin', role: 'owner', app: true },
  chief: { organization: 'Tailspin', role: 'administrator' },
  kit: { organization: 'Tailspin', app: true },
  head: { organization: 'Wingtip', role: 'owner', app: true },
  mel: { organization: 'Tailspin', app: true, isHalf: true },
  pam: { organization: 'Proseware' },
};

const NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')";

/** Members without anything, more than a preview names. */
const NAMES = [
  'Alan Turing', 'Barbara Liskov', 'Donald Knuth', 'Edsger Dijkstra', 'Frances Allen', 'Grace Hopper', 'Hedy Lamarr', 'John Backus', 'Karen Jones',
  'Leslie Lamport', 'Margaret Hamilton', 'Niklaus Wirth-Featherstonehaugh',
];

/** Fills the organizations. To be called when those of `MEMBERS` have their accounts. */
export async function fillOrganizations(server) {
  await forEach(NAMES, (name) => {
    const [first, last] = name.split(' ');
    return createUser(server, `${first}.${last}@tailspin.example`.toLowerCase(), { first, last, organization: 'Tailspin' });
  });
  await createUser(server, 'new.here@wingtip.example', { first: 'New', last: 'Here', organization: 'Wingtip' });
  await sql(server, `
    UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = '2026-11-03 00:00:00' WHERE name = 'Wingtip';
    UPDATE organizations SET mfa_requirement = 'recommended' WHERE name = 'Proseware';
    UPDATE organizations SET trust_days = 30 WHERE name = 'Tailspin';
    INSERT INTO trusted_browsers (id, user_id, secret_hash, user_agent, proved_at, expires_at)
      SELECT 'trusted-boss', id, x'00', '${WINDOWS}', ${NOW}, '2099-01-01 00:00:00' FROM users WHERE email = 'boss@example.com';
    UPDATE users SET mfa_reset_at = '2026-11-21 09:03:00' WHERE email = 'alan.turing@tailspin.example';
  `);
}

/** Follows a link. */
async function follow(page, name) {
  const [response] = await Promise.all([page.waitForNavigation(), page.getByRole('link', { name }).click()]);
  return response;
}

const manage = (whom) => async (page) => (await page.goto(`/admin/members?search=${whom}`)) && follow(page, /^Manage/);
const reset = (whom) => async (page) => (await manage(whom)(page)) && follow(page, 'Reset MFA');
const today = () => new Date().toISOString().slice(0, 10);
const EVERY = 'app=on&email=on&passkey=on';

/** Pages as `STATES` of the page tests has them. */
export const ORGANIZATION_STATES = [
  { name: 'organization', as: 'boss', open: '/admin', title: 'Tailspin security' },
  { name: 'organization that requires MFA', as: 'head', open: '/admin', title: 'Wingtip security' },
  {
    name: 'organization that requires MFA, to be changed',
    as: 'head',
    open: async (page) => {
      const response = await page.goto('/admin');
      await page.getByText('Change the requirement').click();
      return response;
    },
    isPressed: true,
    title: 'Wingtip security',
  },
  { name: 'organization of somebody without MFA', as: 'chief', open: '/admin', title: 'Tailspin security' },
  {
    name: 'requirement',
    as: 'boss',
    open: (page) => page.goto(`/admin/requirement?asks=required&from=${today()}&days=7&${EVERY}`),
    title: 'Require MFA from now on?',
  },
  {
    name: 'requirement to be changed',
    as: 'head',
    open: '/admin/requirement?asks=required&from=2026-11-03&days=0&passkey=on',
    title: 'Change the requirement?',
  },
  {
    name: 'requirement by somebody without MFA',
    as: 'chief',
    open: (page) => page.goto(`/admin/requirement?asks=required&from=${today()}&days=0&${EVERY}`),
    title: 'Require MFA from now on?',
  },
  {
    name: 'requirement refused',
    as: 'boss',
    open: '/admin/requirement?asks=required&from=soon&days=400',
    status: 400,
    title: 'What members are asked for',
    problems: ['Enter the day, for example 2027-01-31', 'Enter a number of days from 0 to 365', 'Choose at least one method'],
  },
  { name: 'requirement as a recommendation', as: 'boss', open: '/admin/requirement?asks=recommended', title: 'Recommend MFA?' },
  { name: 'requirement stopped', as: 'head', open: '/admin/requirement?asks=off', title: 'Stop requiring MFA?' },
  { name: 'days of trust', as: 'boss', open: '/admin/trust?trust_days=90', title: 'Trust browsers for 90 days?' },
  { name: 'days of trust, none', as: 'boss', open: '/admin/trust?trust_days=0', title: 'Stop trusting browsers?' },
  {
    name: 'days of trust refused',
    as: 'boss',
    open: '/admin/trust?trust_days=91',
    status: 400,
    title: 'Trusted browsers',
    problems: ['Enter a number of days from 0 to 90'],
  },
  { name: 'second step where browsers are trusted', as: 'mel', open: '/login/verify?trust=on', title: "Confirm it's you" },
  { name: 'security with a trusted browser', as: 'boss', open: '/security', title: 'Security' },
  { name: 'security without trusted browsers', as: 'kit', open: '/security', title: 'Security' },
  { name: 'members', as: 'boss', open: '/admin/members', title: 'Members' },
  { name: 'members without any', as: 'boss', open: '/admin/members?filter=on&search=zoe', title: 'Members' },
  { name: 'member', as: 'boss', open: manage('kit'), title: 'Ada Byron' },
  { name: 'member without MFA', as: 'boss', open: manage('alan'), title: 'Alan Turing' },
  { name: 'member who is oneself', as: 'boss', open: manage('boss'), title: 'Ada Byron' },
  { name: 'member who is an owner', as: 'chief', open: manage('boss'), title: 'Ada Byron' },
  { name: 'member reset', as: 'boss', open: reset('kit'), title: 'Reset MFA for Ada Byron?' },
  {
    name: 'member reset refused',
    as: 'boss',
    open: async (page) => (await reset('kit')(page)) && press(page, 'Reset MFA'),
    status: 400,
    title: 'Reset MFA for Ada Byron?',
    problems: ['Enter the reason', 'That is not the address of this member. Type kit@example.com.'],
  },
  { name: 'members only for administrators', as: 'kit', open: '/admin/members', status: 403, title: "You don't have access to this page" },
  { name: 'recover with somebody to ask', as: 'mel', open: '/login/recover', title: 'Get back into your account' },
  {
    name: 'recover after asking',
    as: 'mel',
    open: async (page) => (await page.goto('/login/recover')) && press(page, 'Request a reset'),
    title: 'Get back into your account',
  },
  { name: 'security with a recommendation', as: 'pam', open: '/security', title: 'Security' },
];
