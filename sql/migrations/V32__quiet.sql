-- A quiet server asks seldom: when the next job is due is one look at an index.
create index jobs_run_at_idx on jobs (run_at) where status = 'queued';
