-- search_runs/plan_download
-- Along the key, row by row: whoever sorts a long chat has it twice on disk before the first row goes out.
select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)
