-- search_runs/plan
-- No plan that was good while a table was small.
select set_config('enable_seqscan', 'off', true)
