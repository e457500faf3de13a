-- Back to version 14. Names, titles, usernames and reactions stay as they were made. Stop the servers first, and run the older
-- program's `trunkline migrate` next: it puts its own functions in the place of these, which ask for what goes here.
begin;
alter table users
    drop constraint users_name_check,
    add constraint users_name_check check (char_length(name) between 1 and 255 and name ~ '\S'),
    drop constraint users_username_check,
    add constraint users_username_check check (username ~ '^[a-z0-9_.]{3,32}$');
alter table chats
    drop constraint chats_title_check,
    add constraint chats_title_check check (
        kind = 'direct' or (title is not null and char_length(title) between 1 and 255 and title ~ '\S')
    );
alter table api_tokens
    drop constraint api_tokens_name_check,
    add constraint api_tokens_name_check check (char_length(name) between 1 and 255 and name ~ '\S');
alter table files
    drop constraint files_name_check, add constraint files_name_check check (char_length(name) between 1 and 255);
drop function if exists one_emoji, is_line, is_blank;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 15;
commit;
