# Backup codes: shown once, as a page, a file and a sheet of paper; and replaced.

codes-title = Save your backup codes
codes-lead = Each works once. We can't show them again.
codes-sheet-title = { -product } backup codes
codes-account = Account
codes-created = Created
codes-keep = Keep this somewhere safe and private.
# Only in the file, which has no page around it.
codes-file-once = Each code works once.
codes-download = Download
codes-copy = Copy
codes-copied = { $count ->
        [one] Copied 1 code
       *[other] Copied { $count } codes
    }
codes-blocked = Copying is blocked in this browser. Select the codes and copy them.
codes-print = Print
# What these three do it to, for those who don't see the page.
codes-object = codes
codes-saved = I've saved my codes

codes-gone-title = These codes were shown once
codes-gone = If you didn't save them, create new ones. Codes that were not used stop working then.
codes-create = Create new codes
codes-back = Back to security

codes-new-title = Create new backup codes?
codes-new-after = { $count ->
        [0] You get 10 new codes, which are shown once.
        [one] Your 1 unused code stops working.
       *[other] Your { $count } unused codes stop working.
    }
codes-new-keep = Keep the current ones
