-- Notes that a post was changed or deleted by somebody else than who wrote it.
create or replace function audit_posts() returns trigger
language plpgsql
as $$
begin
    if nullif(current_setting('trunkline.actor', true), '')::uuid is distinct from old.owner_id then
        perform public.write_audit(
            case tg_op when 'DELETE' then 'post_deleted' else 'post_changed' end,
            old.id::text,
            jsonb_build_object('owner_id', old.owner_id, 'title', old.title)
        );
    end if;
    return null;
end
$$;

create or replace trigger posts_audit
after delete on posts
for each row
execute function audit_posts();

create or replace trigger posts_audit_change
after update of title, content on posts
for each row when ((old.title, old.content) is distinct from (new.title, new.content))
execute function audit_posts();
