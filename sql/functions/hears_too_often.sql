-- Whether somebody was notified of what this sender does a hundred times within a minute. It looks at their latest
-- notifications alone, however many they have.
create or replace function hears_too_often(person uuid, sender uuid) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return (
        select count(*) >= 100
        from (
            select n.sender_id, n.created_at
            from public.notifications as n
            where n.recipient_id = person
            order by n.seq desc
            limit 200
        ) as latest
        where latest.sender_id = sender and latest.created_at > now() - interval '1 minute'
    );
end
$$;
