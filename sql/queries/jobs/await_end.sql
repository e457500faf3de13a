-- jobs/await_end
-- Somebody waits for the end of it; nothing when that is known, or it is over.
update only jobs set awaited = true where id = $1 and not awaited
