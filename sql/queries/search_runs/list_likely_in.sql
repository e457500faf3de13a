-- search_runs/list_likely_in
-- Runs of these parts in which all of the grams $4 may stand, of chats that $1 may read, and between which times, in
-- microseconds since 1970, everything in them was said.
select
    likely.chat_id, likely.run,
    (extract(epoch from least(greatest(likely.since, timestamptz '0001-01-01 00:00Z'), timestamptz '9999-01-01 00:00Z')) * 1000000)::bigint as since, (extract(epoch from least(greatest(likely.until, timestamptz '0001-01-01 00:00Z'), timestamptz '9999-01-01 00:00Z')) * 1000000)::bigint as until
from (
    select found.chat_id, found.run, found.since, found.until
    from unnest($2::uuid[], $3::bigint[]) as wanted (chat_id, part)
    cross join lateral (
        select *
        from search_runs
        where grams @> array(
            select
                case
                    when wanted.chat_id is null then search_salt(null, 0, wanted.part::integer)
                    else search_salt(wanted.chat_id, greatest(wanted.part * 8192, 128), 0)
                end | gram
            from unnest($4::integer[]) as gram
        )
        offset 0 -- by this index alone
    ) as found
    where case
        when wanted.chat_id is null then found.run < 128 and found.day = wanted.part
        else found.chat_id = wanted.chat_id and found.run >= 128 and found.run / 8192 = wanted.part
    end
) as likely
where exists (select from members where members.chat_id = likely.chat_id and members.user_id = $1)
    or exists (
        select from chats
        where chats.id = likely.chat_id and chats.visibility = 'public' and chats.kind = 'group'
            and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $1)
    )
