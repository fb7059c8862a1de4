DROP INDEX users_member_counts;
