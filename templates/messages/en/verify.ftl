# The second step: at sign-in, and again before something important.

verify-title = Confirm it's you
# $email is shown in bold.
verify-signed-in = Signed in as { $email }.
verify-not-you = Not you?
verify-other-account = Use another account
verify-app-label = Code from your authenticator app
verify-app-hint = 6 digits, changes every 30 seconds
verify-code-hint = One of the codes you saved, for example 7K3QM-9XW2T
verify-trust = { $count ->
        [one] Trust this browser for 1 day
       *[other] Trust this browser for { $count } days
    }
verify-trust-hint = Until then your password is enough to sign in with it. A change of your password or methods ends that.
verify-button = Sign in
verify-others-title = Other ways
verify-none = I can't use any of these
verify-suspended = Codes are switched off for this account after too many wrong ones. An administrator can help you back in.
verify-suspended-action = Get back into your account
