-- Posts a batch of messages in one statement: arrays in, one row for each send out. One bad send fails alone.
--
-- outcome is one of
--   posted      it is in the log, at seq
--   posted      … under another id, where the same is scheduled by this client_id: it is sent now, under the id that was promised
--   reused      something else is scheduled by this client_id, or it is the key of another request
--   seen        the sender used this client_id in this chat before: seq is that message's
--   again       the same client_id, or one of its files, stands earlier in this very batch: ask once more
--   busy        somebody else holds the chat and waiting was not wanted: ask again with wait_for_chats; a stranger is
--               told no_chat at once, since how long it takes would say that there is one
--   no_chat     there is no such chat for this sender: no member, nor the bot of a hook of the chat
--   full        it is a public chat, which the sender would join, and they are in as many chats as one may be. How many that is
--               says trunkline.chats_per_person, a setting of the server's sessions; without it there is no limit
--   banned      it is a public chat, and the sender is banned from it
--   blocked     it is a direct chat, and the other one has blocked the sender; blocking: the sender has blocked them
--   no_reply    what it replies to is not a message of this chat
--   no_attachment  one of its files is not a loose one of the sender
--
-- file_ids are the files that come with the sends, file_places beside them the places of those sends, from 1: a send that
-- is named there is of kind 'media'. Both are empty most of the time, and then nothing of it costs anything.
--
-- Each question is its own statement: in a volatile function each has its own snapshot, and "seen before?" is only
-- safe to ask once the chats are locked. Locks are taken in the order of id. Without wait_for_chats a chat held by
-- another transaction is passed over, so that one open transaction delays the sends to its own chats only.
--
-- What is looked up is looked up by `lateral … limit 1` and without sequential scans: a plan that was made while a table
-- was small must still be good when the table has grown.
create or replace function post_messages(
    chat_ids uuid[], sender_ids uuid[], ids uuid[], contents text[], client_ids text[], replies uuid[],
    file_places bigint[], file_ids uuid[], wait_for_chats boolean
)
returns table (ord bigint, outcome text, seq bigint, id uuid, created_at timestamptz, mentions uuid[])
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    -- Where none of the senders may post, nothing is locked or waited for: that would tell them that there is a chat.
    wanted uuid[] := array(
        select distinct s.chat_id
        from unnest(chat_ids, sender_ids) as s (chat_id, sender_id)
        cross join lateral (
            select true as is_one from public.members as m where m.chat_id = s.chat_id and m.user_id = s.sender_id
            union all
            select true from public.chats as c where c.id = s.chat_id and c.visibility = 'public' and c.kind = 'group'
            union all
            select true from public.hooks as h where h.bot_id = s.sender_id and h.chat_id = s.chat_id
            limit 1
        ) as may
    );
    held uuid[];
    direct uuid[];
    stamp timestamptz;
    lacking bigint[] := '{}';
    sharing bigint[] := '{}';
    early bigint[];
    early_ids uuid[];
    reused bigint[];
    most_chats integer := nullif(current_setting('trunkline.chats_per_person', true), '')::integer;
    numbered_before text := current_setting('trunkline.numbered', true);
begin
    perform set_config('trunkline.numbered', 'off', true);
    if wait_for_chats then
        select array_agg(locked.id), array_agg(locked.id) filter (where locked.kind = 'direct') into held, direct
        from (select c.id, c.kind from public.chats as c where c.id = any (wanted) order by c.id for no key update) as locked;
    else
        -- What else a batch may wait for (a person who is being deleted) must not hold up everyone in it for long.
        perform set_config('lock_timeout', '1s', true);
        select array_agg(locked.id), array_agg(locked.id) filter (where locked.kind = 'direct') into held, direct
        from (select c.id, c.kind from public.chats as c where c.id = any (wanted) order by c.id for no key update skip locked) as locked;
    end if;

    stamp := clock_timestamp();

    if cardinality(file_ids) > 0 then
        -- Nobody else attaches them until this is committed. What two sends of the batch name is the first one's; if that
        -- one is refused, the other is asked once more.
        perform from public.files as f where f.id = any (file_ids) and f.state = 'loose' order by f.id for no key update;
        lacking := array(
            select a.place
            from unnest(file_places, file_ids) as a (place, id)
            left join lateral (
                select true as is_there
                from public.files as f
                where f.id = a.id and f.state = 'loose' and f.owner_id = sender_ids[a.place]
                limit 1
            ) as loose on true
            where loose.is_there is null
        );
        sharing := array(
            select a.place
            from (
                select place, row_number() over (partition by id order by place) as n
                from unnest(file_places, file_ids) as each (place, id)
            ) as a
            where a.n > 1
        );
    end if;

    -- What waits to be sent later under the same name is this message, if it says the same: then it is sent now, under its own id, and
    -- waits no more. Who schedules one holds the chat, so it is seen here. Whoever sends it because its time has come brings its id.
    select
        coalesce(array_agg(w.place) filter (where w.is_same), '{}'), array_agg(w.id) filter (where w.is_same),
        coalesce(array_agg(w.place) filter (where not w.is_same), '{}')
    into early, early_ids, reused
    from (
        select
            s.place, later.id,
            later.content is not distinct from s.content and later.reply_to is not distinct from s.reply_to
            and later.attachments = array(
                select a.id
                from unnest(file_places, file_ids) with ordinality as a (place, id, n)
                where a.place = s.place
                order by a.n
            )
            -- The key of a request is that of the very same request.
            and s.client_id not like 'key:%' as is_same
        from unnest(chat_ids, sender_ids, ids, contents, client_ids, replies)
            with ordinality as s (chat_id, sender_id, id, content, client_id, reply_to, place)
        cross join lateral (
            select k.id, k.content, k.reply_to, k.attachments
            from public.scheduled_messages as k
            where s.client_id is not null
                and k.user_id = s.sender_id and k.chat_id = s.chat_id and k.client_id = s.client_id
                and k.failed_at is null and k.id <> s.id
            limit 1
        ) as later
        where s.chat_id = any (held)
    ) as w;
    if cardinality(early) > 0 then
        ids := array(
            select coalesce(e.id, s.id)
            from unnest(ids) with ordinality as s (id, place)
            left join unnest(early, early_ids) as e (place, id) on e.place = s.place
            order by s.place
        );
    end if;

    -- Posting to a public chat joins it; a bot joins nothing. The trigger on members numbers the arrival before the message. Most batches are of
    -- members alone, and even an insert of nothing has its triggers run.
    if exists (
        select
        from unnest(chat_ids, sender_ids) as s (chat_id, sender_id)
        left join lateral (
            select true as is_there from public.members as m where m.chat_id = s.chat_id and m.user_id = s.sender_id limit 1
        ) as member on true
        left join lateral (
            select true as is_one from public.users as u where u.id = s.sender_id and u.is_bot limit 1
        ) as bot on true
        where member.is_there is null and bot.is_one is null
    ) then
        insert into public.members (chat_id, user_id, last_read_seq)
        select distinct on (c.id, s.sender_id) c.id, s.sender_id, c.last_seq
        from unnest(chat_ids, sender_ids) as s (chat_id, sender_id)
        join public.chats as c on c.id = s.chat_id and c.visibility = 'public' and c.kind = 'group'
        left join lateral (
            select true as is_there from public.members as m where m.chat_id = s.chat_id and m.user_id = s.sender_id limit 1
        ) as member on true
        left join lateral (
            select true as is_one from public.users as u where u.id = s.sender_id and u.is_bot limit 1
        ) as bot on true
        where c.id = any (held) and member.is_there is null and bot.is_one is null
            and not exists (select from public.bans as b where b.chat_id = c.id and b.user_id = s.sender_id)
            and exists (select from public.users as u where u.id = s.sender_id and u.erased_at is null)
            and (
                most_chats is null
                or (
                    select count(*) from (select from public.members as m where m.user_id = s.sender_id limit most_chats) as theirs
                ) < most_chats
            )
        on conflict do nothing;
    end if;

    -- From here on entries bring their numbers along; those of who joined above were numbered like any.
    perform set_config('trunkline.numbered', 'on', true);
    return query
    with sends as (
        select s.*
        from unnest(chat_ids, sender_ids, ids, contents, client_ids, replies)
            with ordinality as s (chat_id, sender_id, id, content, client_id, reply_to, ord)
    ),
    judged as (
        select
            s.*,
            seen.seq as seen_seq, seen.id as seen_id, seen.created_at as seen_at,
            case
                when not s.chat_id = any (coalesce(held, '{}')) then
                    case
                        when not wait_for_chats and exists (
                            select from public.chats as c
                            where c.id = s.chat_id
                                and ((c.visibility = 'public' and c.kind = 'group') or member.is_there)
                        ) then 'busy'
                        else 'no_chat'
                    end
                when member.is_there is null then
                    case
                        when exists (
                            select from public.bans as b
                            join public.chats as c on c.id = b.chat_id and c.visibility = 'public'
                            where b.chat_id = s.chat_id and b.user_id = s.sender_id
                        ) then 'banned'
                        when most_chats is not null
                            and exists (
                                select from public.chats as c
                                where c.id = s.chat_id and c.visibility = 'public' and c.kind = 'group'
                            )
                            and exists (
                                select from public.users as u
                                where u.id = s.sender_id and u.erased_at is null and not u.is_bot
                            )
                            then 'full'
                        else 'no_chat'
                    end
                when seen.seq is not null then 'seen'
                -- Most people have nothing to do with a block, and are not looked at any closer.
                when s.chat_id = any (coalesce(direct, '{}'))
                    and (
                        exists (select from public.blocks as b where b.user_id = s.sender_id)
                        or exists (select from public.blocks as b where b.blocked_id = s.sender_id)
                    )
                    and public.block_in(s.chat_id, s.sender_id) is not null
                    then public.block_in(s.chat_id, s.sender_id)
                when s.client_id is not null
                    and row_number() over (partition by s.chat_id, s.sender_id, s.client_id order by s.ord) > 1
                    then 'again'
                when s.ord = any (reused) then 'reused'
                when s.reply_to is not null and replied.is_there is null then 'no_reply'
                when s.ord = any (lacking) then 'no_attachment'
                when s.ord = any (sharing) then 'again'
                else 'posted'
            end as verdict
        from sends as s
        left join lateral (
            select true as is_there from public.members as m where m.chat_id = s.chat_id and m.user_id = s.sender_id
            union all
            select true from public.hooks as h where h.bot_id = s.sender_id and h.chat_id = s.chat_id
            limit 1
        ) as member on true
        left join lateral (
            select m.seq, m.id, m.created_at
            from public.messages as m
            where member.is_there and s.client_id is not null
                and m.chat_id = s.chat_id and m.sender_id = s.sender_id and m.client_id = s.client_id
            limit 1
        ) as seen on true
        left join lateral (
            select true as is_there
            from public.messages as m
            where member.is_there and s.reply_to is not null
                and m.chat_id = s.chat_id and m.id = s.reply_to and m.kind in ('text', 'media', 'system')
            limit 1
        ) as replied on true
    ),
    counted as (
        select j.chat_id, count(*) as n from judged as j where j.verdict = 'posted' group by j.chat_id
    ),
    bumped as (
        update public.chats as c
        set last_seq = c.last_seq + counted.n, message_count = c.message_count + counted.n, active_at = stamp
        from counted
        where c.id = counted.chat_id
        returning c.id, c.last_seq - counted.n as before
    ),
    numbered as (
        select
            j.*, b.before + row_number() over (partition by j.chat_id order by j.ord) as new_seq,
            -- Looked for where there is an @ alone: the others cost nothing.
            case when position('@' in j.content) > 0 then public.mentions_in(j.chat_id, j.content) else '{}' end as mentions
        from judged as j
        join bumped as b on b.id = j.chat_id
        where j.verdict = 'posted'
    ),
    added as (
        insert into public.messages (
            chat_id, seq, id, kind, sender_id, content, client_id, reply_to, mentions, body, created_at, updated_at
        )
        select
            n.chat_id, n.new_seq, n.id, case when n.ord = any (file_places) then 'media' else 'text' end,
            n.sender_id, n.content, n.client_id, n.reply_to, n.mentions,
            case when n.ord = any (file_places) then
                jsonb_build_object('attachments', array(
                    select a.id
                    from unnest(file_places, file_ids) with ordinality as a (place, id, n)
                    where a.place = n.ord
                    order by a.n
                ))
            end,
            stamp, stamp
        from numbered as n
    ),
    -- Who speaks has read up to there. A mark that somebody is just moving is left to them: nobody's posts wait for it.
    free as (
        select m.chat_id, m.user_id, n.top
        from (
            select numbered.chat_id, numbered.sender_id, max(numbered.new_seq) as top
            from numbered
            -- What was written before, and is sent now, says nothing of what its sender has read.
            where numbered.ord = any (early)
                or not exists (select from public.scheduled_messages as later where later.id = numbered.id)
            group by numbered.chat_id, numbered.sender_id
        ) as n
        join public.members as m on m.chat_id = n.chat_id and m.user_id = n.sender_id
        for no key update of m skip locked
    ),
    marked as (
        update public.members as m
        set last_read_seq = f.top, read_at = stamp
        from free as f
        where m.chat_id = f.chat_id and m.user_id = f.user_id
    )
    select
        j.ord,
        j.verdict,
        coalesce(n.new_seq, j.seen_seq),
        case when j.verdict = 'seen' then j.seen_id else j.id end,
        case when j.verdict = 'seen' then j.seen_at else stamp end,
        n.mentions
    from judged as j
    left join numbered as n on n.ord = j.ord;
    if cardinality(early) > 0 then
        -- What was refused waits on.
        delete from public.scheduled_messages as w
        where w.id = any (early_ids)
            and exists (select from public.messages as m where m.chat_id = w.chat_id and m.id = w.id);
    end if;
    if direct is not null then
        -- What was refused is not there.
        perform public.queue_direct_push(said.chat_id, said.sender_id)
        from (
            select distinct s.chat_id, s.sender_id
            from unnest(chat_ids, sender_ids, ids) as s (chat_id, sender_id, id)
            cross join lateral (
                select from public.messages as m where m.chat_id = s.chat_id and m.id = s.id limit 1
            ) as written
            where s.chat_id = any (direct)
        ) as said;
    end if;
    perform set_config('trunkline.numbered', coalesce(numbered_before, ''), true);
end
$$;
