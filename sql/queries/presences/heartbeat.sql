-- presences/heartbeat
-- The heartbeat of an instance; answers how many people the tables say are connected to it.
with quiet as (
    select set_config('synchronous_commit', 'off', true)
),
heartbeat as (
    insert into instances (id) select $1 from quiet
    on conflict (id) do update set seen_at = now()
)
select count(*) from presences where instance_id = $1
