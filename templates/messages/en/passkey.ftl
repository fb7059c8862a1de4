# Passkeys: what the browser's answers mean, adding, naming, removing.

# What a passkey is called when nobody says.
passkey-default = Passkey
passkey-default-security-key = Security key
passkey-default-phone = Phone or tablet

passkey-use = Use the passkey you saved.
passkey-use-one = Use the passkey you saved as { $name }.
passkey-use-several = Use a passkey you saved: { $names } or { $last }.
passkey-use-button = Use passkey
passkey-sign-in-button = Sign in with a passkey
passkey-or = or
passkey-sign-in-script = Passkeys need JavaScript. You can sign in with your password.
passkey-script = Your passkey needs JavaScript. Here is another way.
passkey-script-alone = Your passkey needs JavaScript.
passkey-unsupported = This browser can't use passkeys.
passkey-unsupported-ways = This browser can't use passkeys. Choose another way below.

# While the browser asks, and what came of it.
passkey-waiting = Waiting for your browser
passkey-cancelled = Nothing was sent. Try again, or choose another way below.
passkey-address = This address can't use passkeys. Open { $origin } instead.
passkey-kind = This device can't use that kind of passkey.
passkey-network = We couldn't reach the server. Check your connection and try again.
passkey-busy = Too many tries. Wait a minute, then try again.
passkey-create-cancelled = No passkey was added. You can try again.
passkey-create-kind = This device can't check a fingerprint, face or PIN, which passkeys here need.
passkey-exists = You already have a passkey in this password manager. It works on this device too.

passkey-add-title = Add a passkey
passkey-add-what = What is it?
passkey-add-what-answer = A key that your device or password manager keeps for you. You unlock it with your fingerprint, face or device PIN, and it can't be guessed or typed into a fake site.
passkey-add-where = Where is it saved?
passkey-add-where-answer = In your password manager, on this device, or on a phone or security key: your browser lets you choose.
passkey-add-where-elsewhere = This browser can't save passkeys itself. You can use a phone or a security key.
passkey-add-loss = What if I lose my device?
passkey-add-loss-answer = A passkey in a password manager is on your other devices too. Otherwise use another method or a backup code, then remove the lost one here.
passkey-add-before = Your browser will now ask you to confirm.
passkey-first-after = This turns multi-factor authentication on. All other devices are signed out; this one stays signed in.
passkey-add-button = Add passkey
passkey-key-title = Security key
passkey-key-lead = A security key has room for few passkeys. Added this way it takes none of it, and is used after your password.
passkey-key-button = Add a security key
passkey-add-script = Adding a passkey needs JavaScript.
passkey-add-app = Set up an authenticator app instead

passkey-name-title = Name your passkey
passkey-name = Name
passkey-name-hint = Something you will recognize it by, for example "Work laptop".
passkey-name-button = Save name
passkey-name-keep = Keep this name

passkey-remove-title = Remove "{ $name }"?
passkey-remove-after = You won't be able to sign in with it any more. Also delete it in { $provider }; otherwise your browser may keep offering it.
passkey-remove-after-unknown = You won't be able to sign in with it any more. Also delete it in your password manager; otherwise your browser may keep offering it.
passkey-remove-after-key = You won't be able to sign in with it any more. The security key itself still works for other accounts.
passkey-remove-left-passkey = the passkey "{ $name }"
passkey-remove-next = After this you will use { $method } instead. Passkeys are the only method here that can't be phished.
passkey-remove-button = Remove passkey
passkey-remove-last = "{ $name }" is your only method. Removing it turns MFA off; a password alone will be enough.
passkey-remove-refused-title = "{ $name }" stays
