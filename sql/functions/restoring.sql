-- Whether this session restores rows that a dump holds (pg_dump -a): they are taken as they are, since all that triggers
-- would do has been done. Such a script begins with two settings that nobody else has together: an empty search_path, which
-- `set search_path = ''` is not (that is one empty name), and functions whose bodies are not looked at.
-- Not in plain SQL: conditions of triggers ask it, and such a function would be parsed again by every statement.
create or replace function restoring() returns boolean
language plpgsql stable parallel safe as $$
begin
    return current_setting('search_path') = '' and current_setting('check_function_bodies') = 'off';
end
$$;
