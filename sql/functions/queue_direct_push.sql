-- Queues the message that somebody has just said in a direct chat for the devices of the other one, who wants it so and has no
-- socket open. Where nobody has a device it costs one look-up.
create or replace function queue_direct_push(chat uuid, sender uuid) returns void
language plpgsql
set enable_seqscan = off
as $$
begin
    if not exists (select from public.push_subscriptions) then
        return;
    end if;
    insert into public.push_queue (subscription_id, topic, chat_id)
    select device.id, chat, chat
    from public.members as m
    cross join lateral (select s.id from public.push_subscriptions as s where s.user_id = m.user_id offset 0) as device
    where m.chat_id = chat and m.user_id is distinct from sender
        and public.wants_push(m.user_id, 'direct') and not public.is_muted(m.user_id, chat) and public.is_away(m.user_id)
    order by device.id
    on conflict (subscription_id, topic) do update set version = push_queue.version + 1;
end
$$;
