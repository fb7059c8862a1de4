# Labels, hints and problems that more than one form shares.

form-email = Email address
form-password = Password
form-new-email = New email address
form-new-password = New password
form-current-password = Current password
form-organization = Organization name
form-first-name = First name
form-last-name = Last name
form-show-password = Show password

# $min is the smallest number of characters.
form-password-hint = At least { $min } characters. Four or five unrelated words make a strong one; spaces count.

form-problem-page-old = This page was open too long. Check the details and try again.
form-problem-busy = The service is busy. Wait a few seconds and try again.
form-problem-email-empty = Enter your email address
form-problem-email-format = Enter an email address in the format name@example.com
form-problem-email-same = That is your email address already. Enter the new one.
form-problem-password-empty = Enter your password
form-problem-wrong-pair = Check your email address and password, and try again
form-problem-wrong-password = That password is not right. Try again.
form-problem-throttled = Too many tries. Try again after { $time }.
form-problem-sign-in-throttled = Too many tries. Try again after { $time }, or reset your password.
form-problem-new-password-empty = Enter a new password
form-problem-new-password-short = The new password must have { $min } characters or more
form-problem-new-password-long = The new password must have { $max } characters or fewer
form-problem-new-password-common = Many people use that password, so it is easy to guess. Choose another one.
form-problem-new-password-personal = That password is a name or address that others know about you. Choose another one.
form-problem-new-password-same = Choose a password that differs from the current one
form-problem-current-password-empty = Enter your current password
form-problem-current-password-wrong = That is not your current password. Try again.
form-problem-organization-empty = Enter the name of your organization
form-problem-organization-long = The organization name must have { $max } characters or fewer
form-problem-first-name-empty = Enter your first name
form-problem-first-name-long = The first name must have { $max } characters or fewer
form-problem-last-name-empty = Enter your last name
form-problem-last-name-long = The last name must have { $max } characters or fewer

form-problem-app-code-empty = Enter the code from your authenticator app
form-problem-app-code-length = Enter all 6 digits of the code
form-problem-app-code-letters = The code has numbers only
form-problem-app-code-wrong = That code is not right. Codes change every 30 seconds; enter the newest one.
# Before one of the sentences about the clock.
form-problem-app-code-off = That code is not right.
form-problem-app-code-spent = That code was already used. Wait for the next one.
form-problem-clock-suspect = If it keeps failing, check that the clock on your phone is set automatically.
form-problem-clock-behind = { $count ->
        [one] Your phone's clock is about 1 minute behind. Set it automatically, then enter the newest code.
       *[other] Your phone's clock is about { $count } minutes behind. Set it automatically, then enter the newest code.
    }
form-problem-clock-ahead = { $count ->
        [one] Your phone's clock is about 1 minute ahead. Set it automatically, then enter the newest code.
       *[other] Your phone's clock is about { $count } minutes ahead. Set it automatically, then enter the newest code.
    }
form-problem-backup-code-empty = Enter one of your backup codes
form-problem-backup-code-length = Enter all 10 letters and digits of the backup code
form-problem-backup-code-wrong = That backup code is not right. Check for letters that look alike.
form-problem-backup-code-spent = That backup code was already used. Use another one.
form-problem-backup-code-not-enough = A backup code is not enough for this. Use another method.
form-problem-mail-code-empty = Enter the code from the email
form-problem-mail-code-wrong = That code is not right. Use the newest email.
form-problem-mail-code-spent = That code does not work any more. Use the newest email, or send another one.
form-problem-mail-code-over = That code does not work any more. Send another email.
form-problem-mail-too-soon = You can ask for another link after { $time }.
form-problem-mail-unavailable = The email couldn't be sent. Try again in a minute, or use another way.
form-problem-passkey-unknown = This passkey is no longer registered here. Sign in another way, then add a new one.
form-problem-passkey-refused = That passkey could not be checked. Try again or use your password.
form-problem-passkey-refused-here = That passkey could not be checked. Try again, or choose another way below.
form-problem-passkey-not-added = The passkey couldn't be checked, so it was not added.
form-problem-passkeys-full = You have { $max } passkeys, the most we keep. Remove one first.
form-problem-passkey-name-empty = Enter a name
form-problem-passkey-name-long = Name must be { $max } characters or fewer
form-problem-passkey-name-taken = You already have a passkey called { $name }
form-problem-tries-left = { $count ->
        [one] You have 1 try left.
       *[other] You have { $count } tries left.
    }
form-problem-codes-suspended = Codes are switched off for this account after too many wrong ones. An administrator can help you back in.

form-problem-date-format = Enter the day, for example 2027-01-31
form-problem-date-over = That day is over. Enter the current day or a later one.
form-problem-date-far = Enter a day within the next two years
form-problem-extra-days = Enter a number of days from 0 to { $max }
form-problem-no-method-counts = Choose at least one method
form-problem-own-factor-needed = Set up MFA on your own account first, with a method that counts.
form-problem-reason-empty = Enter the reason
form-problem-reason-odd = The reason has characters that can't be shown. Use letters, digits and signs.
form-problem-outdated = This member has changed since you opened the page. Look at what would be removed now, and decide again.
form-problem-reason-long = The reason must have { $max } characters or fewer
form-problem-confirm-address = That is not the address of this member. Type { $address }.
