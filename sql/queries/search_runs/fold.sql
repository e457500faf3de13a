-- search_runs/fold
-- A text as the contents are compared.
select folded($1)
