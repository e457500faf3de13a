-- Erases somebody, for good: nothing of them is left in their row, they are signed out everywhere, their e-mail and username are
-- free, and whoever asks for them finds nobody. What takes longer is done by the job erase_user that this leaves: they are
-- taken out of their chats one by one, with clear_words the words of their messages go, and in the end the row.
-- Answers whether there was somebody to erase.
--
-- The person alone is locked here, so nobody else waits, however much they have left behind. What stays is told in
-- sql/README.md.
create or replace function erase_user(person uuid, clear_words boolean default false) returns boolean
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.users where id = person and erased_at is null for update;
    if not found then
        return false;
    end if;
    perform public.write_audit(
        'user_erased', person::text, jsonb_build_object('messages', case when clear_words then 'clear' else 'keep' end)
    );
    -- Revoked, not deleted: an instance that has missed the notification finds them so.
    update public.sessions
    set revoked_at = coalesce(revoked_at, now()), revoked_because = coalesce(revoked_because, 'erased'),
        user_agent = '', address = ''
    where user_id = person;
    update public.api_tokens
    set revoked_at = coalesce(revoked_at, now()), revoked_because = coalesce(revoked_because, 'erased'), name = 'erased'
    where user_id = person;
    -- The password is no hash of anything. The names are random: what can be known before can be taken before, by whoever wants to
    -- keep somebody from going.
    update public.users
    set erased_at = now(), email = gen_random_uuid() || '@erased.invalid',
        username = 'erased_' || left(replace(gen_random_uuid()::text, '-', ''), 24),
        name = 'Erased', bio = '', contacts = null, avatar_key = null, password_hash = '!', last_online_at = null
    where id = person;
    delete from public.user_roles where user_id = person;
    delete from public.idempotency_keys where user_id = person;
    delete from public.scheduled_messages where user_id = person;
    delete from public.calendar_feeds where user_id = person;
    delete from public.calendar_tombstones where user_id = person;
    delete from public.push_subscriptions where user_id = person;
    delete from public.notification_preferences where user_id = person;
    delete from public.chat_mutes where user_id = person;
    -- One statement: of several people's notifications the heads are locked in one order.
    delete from public.friends where low_id = person or high_id = person;
    delete from public.blocks where user_id = person;
    delete from public.blocks where blocked_id = person;
    update public.files set state = 'orphaned' where owner_id = person and state in ('arriving', 'loose');
    insert into public.jobs (task, args, unique_key, max_attempts)
    values (
        'erase_user', jsonb_build_object('user_id', person, 'clear', clear_words), 'erase_user:' || person, 100
    );
    return true;
end
$$;
