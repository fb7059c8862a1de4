-- Counting the members of each state: an index with few distinct entries is a tenth of one with addresses in it.
CREATE INDEX users_member_counts ON users (organization_id, member_state);
