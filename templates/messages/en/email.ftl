# Email links: setting the method up, waiting for a mail, and the page behind its link.

email-code-label = Code from the email
email-code-hint = 6 digits, in the same email as the link

email-set-up-title = Set up email link
email-set-up-lead = We send an email to { $address }. Its link or code shows that you can read it.
email-set-up-note = Anyone who can read your email can use this. A passkey or an authenticator app is safer.
email-set-up-standard = NIST SP 800-63B does not count email as a second factor. It is still better than a password alone.
email-set-up-button = Turn on email link
email-send = Send email
email-cancel = Cancel

# The panel of the second step.
email-panel-lead = We send a link and a 6-digit code to { $address }.
email-panel-alone = Your password was set by email too, so your mailbox is all that protects this account. Add another method after you sign in.
email-panel-button = Send link

email-wait-title = Check your email
email-wait-lead = We sent a link to { $address }. Open it in this browser.
email-wait-until = It works once, until { $time }.
email-wait-code = Or enter the code from the email
email-wait-opened = I opened the link
email-wait-none-title = No email?
email-wait-none = Look in your spam folder. A minute after the last one you can have another; it replaces the one before.
email-send-again = Send again
email-send-new = Send a new link
email-other = Use another way

email-landing-sign-in = Finish signing in
email-landing-set-up = Confirm your email address
email-landing-confirm-button = Confirm with email link
# $client is a browser and an address.
email-landing-lead = You asked for this as { $account } with { $client }.
email-landing-lead-unknown = You asked for this as { $account }.
email-landing-not-you = If you did not ask for it, close this page and change your password.
email-landing-elsewhere-title = Open this link where you started
email-landing-elsewhere = This link works in the browser that asked for it. Open it there, or type the 6-digit code from the same email there.
email-landing-over-title = This link doesn't work any more
email-landing-used = It was already used at { $time }.
email-landing-newer = A newer link was sent at { $time }. Use that one.
email-landing-expired = It expired at { $time }.
email-landing-unknown = Check that you copied all of it, or ask for a new one.
email-landing-security = Go to security

email-remove-title = Remove email link?
email-remove-after = You won't be able to sign in with an email any more. Your address stays as it is.
email-remove-button = Remove email link
email-remove-last = The email link is your only method. Removing it turns MFA off; a password alone will be enough.
email-remove-refused-title = The email link stays
email-remove-refused-alone = { $organization } requires MFA and this is your only method, so it can't be removed.
