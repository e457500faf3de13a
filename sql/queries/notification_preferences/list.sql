-- notification_preferences/list
-- How somebody wants to be told of each of these kinds.
select
    wanted.kind, coalesce(notification_preferences.live, true) as live,
    coalesce(notification_preferences.push, push_by_default(wanted.kind)) as push
from unnest($2::text[]) as wanted (kind)
left join notification_preferences
    on notification_preferences.user_id = $1 and notification_preferences.kind = wanted.kind
