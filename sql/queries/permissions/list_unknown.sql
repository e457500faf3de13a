-- permissions/list_unknown
select given.code
from unnest($1::text[]) as given (code)
where given.code <> '*' and not exists (select from permissions where permissions.code = given.code)
