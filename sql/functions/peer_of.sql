-- With whom somebody is in a direct chat: the other one of its pair. No row where there is no pair. For
-- `left join lateral (select … from peer_of(pair, …) where kind = 'direct')`: the planner puts the body in place of the call.
create or replace function peer_of(pair uuid[], wanted_user uuid) returns table (words text, profile jsonb)
language sql stable parallel safe as $$
    select
        name || ' ' || username,
        jsonb_build_object('user_id', id, 'username', username, 'name', name, 'avatar_key', avatar_key)
    from public.users
    where id = case when pair[1] = wanted_user then pair[2] else pair[1] end
$$;
