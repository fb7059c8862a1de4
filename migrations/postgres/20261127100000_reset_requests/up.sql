-- When somebody who can't prove who they are last asked the administrators for a reset: they are mailed once a day.
ALTER TABLE users ADD COLUMN reset_requested_at TIMESTAMP;
