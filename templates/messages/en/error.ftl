# One page for everything that has no page of its own.

error-400-title = This request could not be read
error-400 = Go back, reload the page and try again.
error-403-title = You don't have access to this page
error-403 = Your account's role does not include it. An administrator of your organization can change that.
# The same status for a sign-out button on a page from before the last sign-in.
error-old-page-title = This page was open too long
error-old-page = You are still signed in. Press Sign out once more.
error-404-title = Page not found
error-404 = Check the address. If you followed a link, it may be out of date.
error-405-title = This address can't be opened that way
error-405 = It belongs to a form. Start from the page that has the form.
error-410-title = This page no longer exists
error-410 = What was here worked once or for a limited time.
error-408-title = That took too long
error-408 = The form arrived too slowly, and nothing was changed. Check your connection and try again.
error-413-title = That was too much text
error-413 = The form you sent is larger than this service accepts. Shorten it and try again.
error-429-title = Too many requests
error-429 = Requests from your network are coming in faster than this service allows.
error-500-title = There is a problem with the service
error-500 = It was recorded. If it stays, give the reference below to whoever runs this service.
error-503-title = The service is not available right now
error-503 = Nothing you entered was saved.
error-retry = Try again after { $time }.
error-retry-soon = Try again in a minute.
# $reference is shown as code.
error-reference = Reference { $reference }
error-start = Go to the start page
