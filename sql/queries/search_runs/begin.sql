-- search_runs/begin
-- Every look-up of a search sees the same.
set transaction isolation level repeatable read, read only
