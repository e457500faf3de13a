-- The words as the contents are compared: in lower case as this database has it.
select array(select lower(word) from unnest($1::text[]) with ordinality as given (word, place) order by place)
