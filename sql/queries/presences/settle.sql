-- presences/settle
-- These people came to this instance, and these went. People are locked in the order of their ids, as every instance does.
with quiet as (
    select set_config('synchronous_commit', 'off', true)
),
known as (
    insert into instances (id) select $1 from quiet
    on conflict (id) do nothing
),
came as (
    insert into presences (instance_id, user_id)
    select $1, people.id from unnest($2::uuid[]) as people (id)
    on conflict do nothing
),
went as (
    delete from presences where instance_id = $1 and user_id = any ($3)
),
seen as (
    select id from users where id = any ($2) or id = any ($3) order by id for no key update
)
update users set last_online_at = now() from seen where users.id = seen.id
