-- verify/count
-- How much there is to walk: chats, and entries of all their logs.
select count(*) as chats, coalesce(sum(greatest(last_seq - first_seq + 1, 0)), 0)::bigint as entries from chats
