-- The files that came with a message, in their order. Null when there are none. For
-- `case when kind = 'media' then (select attachments from attachments_of(…)) end`: the planner puts the body in place of
-- the call, so a page of messages is one query, and messages without files cost nothing.
create or replace function attachments_of(uuid, uuid) returns table (attachments jsonb)
language sql stable parallel safe as $$
    select
        jsonb_agg(
            jsonb_build_object(
                'id', id, 'name', name, 'content_type', content_type, 'size', size, 'width', width, 'height', height,
                'thumbnail_type', thumbnail_type
            )
            order by place
        )
    from public.files
    where chat_id = $1 and message_id = $2
$$;
