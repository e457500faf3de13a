-- Notes that a comment was deleted by somebody else than who wrote it; never its words. One that goes with what it is on is no
-- news.
create or replace function audit_comments() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if nullif(current_setting('trunkline.actor', true), '')::uuid is distinct from old.owner_id
        and (
            exists (select from public.posts where id = old.post_id)
            or exists (select from public.events where id = old.event_id)
        )
    then
        perform public.write_audit(
            'comment_deleted',
            old.id::text,
            jsonb_strip_nulls(jsonb_build_object('owner_id', old.owner_id, 'event_id', old.event_id, 'post_id', old.post_id))
        );
    end if;
    return null;
end
$$;

create or replace trigger comments_audit
after delete on comments
for each row
execute function audit_comments();
