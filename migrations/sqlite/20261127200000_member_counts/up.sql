-- SQLite counts in users_member_states; it keeps equal entries apart, so that a smaller index would not be one.
SELECT 1;
