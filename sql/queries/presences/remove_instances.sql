-- presences/remove_instances
-- Instances that have not been seen for 25 seconds are dead, and this one goes when it is named: whoever was connected
-- there was last online when it was last seen.
with quiet as (
    select set_config('synchronous_commit', 'off', true)
),
dead as (
    select instances.id, instances.seen_at
    from instances, quiet
    where instances.id = $1 or instances.seen_at < now() - interval '25 seconds'
    order by instances.id
    for update of instances skip locked
),
gone as (
    delete from presences using dead
    where presences.instance_id = dead.id
    returning presences.user_id, dead.seen_at
),
removed as (
    delete from instances using dead where instances.id = dead.id
),
seen as (
    select users.id, people.seen_at
    from (select user_id, max(seen_at) as seen_at from gone group by user_id) as people
    join users on users.id = people.user_id
    order by users.id
    for no key update of users
)
update users set last_online_at = greatest(users.last_online_at, seen.seen_at) from seen where users.id = seen.id
