-- A text in which nothing can be seen is refused when it is written, as in messages, and not only when it is to be sent.
create or replace function refuse_blank_scheduled() returns trigger
language plpgsql as $$
begin
    raise check_violation using
        message = 'nothing of this message can be seen',
        constraint = 'scheduled_messages_content_check', table = 'scheduled_messages';
end
$$;

create or replace trigger scheduled_messages_refuse_blank
before insert or update of content on scheduled_messages
for each row when (public.is_blank(new.content) and not public.restoring())
execute function refuse_blank_scheduled();
