-- notifications/note_progress
-- How far an announcement has got. Only from where it was: of two who are at it, one goes on.
update jobs set result = $3 where id = $1 and result is not distinct from $2 and status = 'running'
