# The members of an organization: the list, one of them, and resetting one.

members-title = Members
members-back = Organization security
members-filters-label = Filter
members-all = All
members-on = On
members-off = Off
members-no-codes = No backup codes
members-search = Search
members-search-hint = The beginning of an email address, name or last name
members-search-button = Search members
members-caption = Members by email address
members-name = Name
members-mfa = MFA
members-methods = Methods
members-last-sign-in = Last sign-in
members-action = Action
members-manage = Manage
members-never = Never
members-empty = No members match.
members-clear = Clear filters
members-file = Download this list (CSV)
members-pages-label = Pages
members-previous = Previous
members-next = Next

members-state-on = On
members-state-off = Off
members-state-by = Set up by { $date }
members-state-reset = Reset { $date }

member-back = Members
member-methods-title = Methods
member-methods-none = No method is set up.
member-passkey = Passkey "{ $name }"
member-since = Since { $date }
member-used = Last used { $date }
member-not-used = Not used yet
member-switched-off = Switched off
member-codes = { $count ->
        [0] No backup codes left.
        [one] 1 backup code left.
       *[other] { $count } backup codes left.
    }
member-codes-none = No backup codes.
member-role = Role
member-role-user = Member
member-role-billing = Billing
member-role-workspaces = Workspaces
member-role-administrator = Administrator
member-role-owner = Owner
member-email = Email
member-last-sign-in = Last sign-in
member-activity-title = Activity
member-activity-caption = Page { $page }, without addresses
member-activity-empty = Nothing yet.
member-reset-title = Reset MFA
member-reset = For somebody who lost every way to prove who they are. Removes all methods and backup codes and signs them out everywhere.
member-reset-link = Reset MFA
member-reset-oneself = You can't reset yourself. Ask another administrator.
member-reset-owner = Only an owner can reset an owner.
member-reset-nothing = There is nothing to reset: no method is set up.

reset-title = Reset MFA for { $name }?
reset-check = Check who is asking: call them back on a number you already know.
reset-passkeys = { $count ->
        [one] 1 passkey
       *[other] { $count } passkeys
    }
reset-app = the authenticator app
reset-email = the email link
reset-codes = { $count ->
        [one] 1 backup code
       *[other] { $count } backup codes
    }
reset-and = { $first } and { $last }
reset-after = { $count ->
        [0] This removes { $things }. They are not signed in on any device.
        [one] This removes { $things }, and signs them out on 1 device.
       *[other] This removes { $things }, and signs them out on { $count } devices.
    }
reset-trust = { $count ->
        [one] It also ends trust in 1 browser.
       *[other] It also ends trust in { $count } browsers.
    }
reset-next-required = They set up MFA again at next sign-in.
reset-next = They can set up MFA again after signing in with their password.
reset-reason = Reason
reset-reason-hint = Kept in the activity log
reset-confirm = Type { $email } to confirm
reset-button = Reset MFA
reset-keep = Keep MFA
