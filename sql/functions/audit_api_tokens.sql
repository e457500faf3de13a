-- Notes that an API token was made, and that one was ended.
create or replace function audit_api_tokens() returns trigger
language plpgsql as $$
begin
    perform public.write_audit(
        case tg_op when 'INSERT' then 'token_made' else 'token_revoked' end,
        new.id::text,
        jsonb_build_object('user_id', new.user_id, 'name', new.name, 'scopes', new.scopes)
    );
    return null;
end
$$;

create or replace trigger api_tokens_audit_made
after insert on api_tokens
for each row execute function audit_api_tokens();

create or replace trigger api_tokens_audit_revoked
after update of revoked_at on api_tokens
for each row when (
    old.revoked_at is null and new.revoked_at is not null and new.revoked_because is distinct from 'erased'
)
execute function audit_api_tokens();
