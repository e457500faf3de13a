-- Whether somebody is flooded with notifications, a thousand within a minute, and this sender has made most of the latest. Of everybody
-- else notifications still come. If they are not flooded, it costs two look-ups.
create or replace function is_flooded_by(person uuid, sender uuid) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
declare
    last bigint;
    since timestamptz;
begin
    select h.last_seq into last from public.notification_heads as h where h.user_id = person;
    if last is null or last < 1000 then
        return false;
    end if;
    select n.created_at into since
    from public.notifications as n
    where n.recipient_id = person and n.seq > last - 1000
    order by n.seq
    limit 1;
    if since is null or since < now() - interval '1 minute' then
        return false;
    end if;
    return (
        select count(*) >= 100
        from (
            select n.sender_id
            from public.notifications as n
            where n.recipient_id = person and n.seq > last - 200
            order by n.seq desc
            limit 200
        ) as latest
        where latest.sender_id = sender
    );
end
$$;
