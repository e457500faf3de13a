-- notification_preferences/set
-- What is null stays as it is.
insert into notification_preferences (user_id, kind, live, push)
select
    $1, wanted.kind, coalesce(wanted.live, known.live, true),
    coalesce(wanted.push, known.push, push_by_default(wanted.kind))
from unnest($2::text[], $3::boolean[], $4::boolean[]) as wanted (kind, live, push)
left join notification_preferences as known on known.user_id = $1 and known.kind = wanted.kind
on conflict (user_id, kind) do update set live = excluded.live, push = excluded.push
