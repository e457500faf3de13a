-- Whether a kind of notifications is sent to the devices of somebody who has not said otherwise; 'direct' are the messages of
-- direct chats.
create or replace function push_by_default(kind text) returns boolean
language plpgsql immutable parallel safe as $$
begin
    return kind in (
        'mention', 'reply', 'friend_request', 'event_changed', 'event_soon', 'place_free', 'message', 'direct'
    );
end
$$;
