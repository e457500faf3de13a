-- ephemeral/post
-- What may be forgotten needs no flush.
select pg_notify('trunkline', payload)
from unnest($1::text[]) as payload, set_config('synchronous_commit', 'off', true) as quiet
