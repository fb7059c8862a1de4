# An organization's own pages: what it asks of its members, and how far they are.

admin-title = { $organization } security
admin-requirement-title = Requirement
admin-off = Members choose for themselves. { $enabled } of { $members } use MFA.
admin-recommended = MFA is recommended, and members choose for themselves. { $enabled } of { $members } use it.
admin-since = Required since { $date }.
admin-from = Required from { $date }.
admin-all-ready = { $count ->
        [one] The only member is ready.
       *[other] All { $count } members are ready.
    }
admin-ready-now = { $enabled } of { $members } ready, { $left } set up at next sign-in.
admin-ready-then = { $enabled } of { $members } ready, { $left } still to set up.
admin-later = { $count ->
        [one] 1 joined lately and has extra days.
       *[other] { $count } joined lately and have extra days.
    }
admin-stop = Stop requiring
admin-change = Change the requirement
admin-own-factor = Set up MFA on your own account first, with a method that counts. Until then you can look at what would change, and not change it.
admin-own-factor-action = Set up MFA

requirement-legend = What is asked of members
requirement-off = Off
requirement-off-hint = Members choose for themselves.
requirement-recommended = Recommended
requirement-recommended-hint = Members without MFA read a line about it on their security page. Nobody is stopped.
requirement-required = Required
requirement-required-hint = From the day below, members without a method that counts set one up before they continue. Nobody is removed.
requirement-from = Required from
requirement-from-hint = From 00:00 UTC of that day. The current day means at once.
requirement-methods = Methods that count
requirement-email-hint = A link sent to their email address. Leave it out if whoever reads a member's email must not get in with it.
requirement-days = Extra days for new members
requirement-days-hint = Counted from the day they join. 0 means from the first sign-in.
requirement-show = Show what would change

requirement-title = What members are asked for
requirement-from-title = Require MFA from { $date }?
requirement-now-title = Require MFA from now on?
requirement-change-title = Change the requirement?
requirement-recommend-title = Recommend MFA?
requirement-stop-title = Stop requiring MFA?
requirement-stop-recommending-title = Stop recommending MFA?

rehearsal-stopped-then = On { $date }, { $stopped } of { $members } members would need to set up MFA before they can continue.
rehearsal-stopped-now = From now on, { $stopped } of { $members } members would need to set up MFA before they can continue.
rehearsal-nobody = { $count ->
        [one] The only member is ready. Nobody would be stopped.
       *[other] All { $count } members are ready. Nobody would be stopped.
    }
rehearsal-only-email = { $count ->
        [one] 1 member only has the email link, which would not count.
       *[other] { $count } members only have the email link, which would not count.
    }
rehearsal-lifts = MFA is required now. Until { $date } it would not be, and members without it could go on.
rehearsal-later = { $count ->
        [one] 1 more joined lately, and would have the rest of the extra days first.
       *[other] { $count } more joined lately, and would have the rest of the extra days first.
    }
rehearsal-named = Members without a method that would count
rehearsal-more = { $count ->
        [one] And 1 more.
       *[other] And { $count } more.
    }
rehearsal-file = Download the list (CSV)
rehearsal-kept = Nobody is removed or signed out. Members go on as soon as one method works.
rehearsal-told = Members are told by email, and reminded 14, 7 and 1 days before.
rehearsal-counting = Methods that count
rehearsal-days = New members have
rehearsal-days-none = No extra days
rehearsal-days-count = { $count ->
        [one] 1 extra day
       *[other] { $count } extra days
    }

requirement-recommend-after = Members without MFA read a line about it on their security page. Nobody is stopped.
requirement-recommend-lifts = MFA is no longer required then. Nobody loses a method.
requirement-stop-after = Members choose for themselves from their next request on. Nobody loses a method, and anybody can turn MFA off.
requirement-button-from = Require MFA from { $date }
requirement-button-now = Require MFA from now on
requirement-button-change = Save requirement
requirement-button-recommend = Recommend MFA
requirement-button-stop = Stop requiring MFA
requirement-button-stop-recommending = Stop recommending MFA
requirement-keep = Keep as it is

# For how many days members may have a browser trusted.
admin-trust-title = Trusted browsers
admin-trust = { $count ->
        [0] Members are asked for the second step at every sign-in.
        [one] Members may have a browser trusted for 1 day, and are not asked for the second step in it.
       *[other] Members may have a browser trusted for { $count } days, and are not asked for the second step in it.
    }
trust-days = Number of days
trust-days-hint = From 0 to 90. 0 means never.
trust-days-show = Show what that means
trust-days-title = { $count ->
        [0] Stop trusting browsers?
        [one] Trust browsers for 1 day?
       *[other] Trust browsers for { $count } days?
    }
trust-days-after = { $count ->
        [0] Members are asked for the second step at every sign-in, also in browsers that are trusted now.
        [one] At the second step members can tick a box. For 1 day their password is then enough to sign in with that browser. Changing a method or turning MFA off still takes the second step. Trust that is older than that ends.
       *[other] At the second step members can tick a box. For { $count } days their password is then enough to sign in with that browser. Changing a method or turning MFA off still takes the second step. Trust that is older than that ends.
    }
trust-days-button = Save days
trust-days-button-never = Stop trusting browsers

adoption-title = Adoption
adoption-enabled = { $enabled } of { $members } ({ $percent }%)
adoption-methods = What members have
adoption-no-codes = No backup codes
adoption-members = Show members
