-- search_runs/merge
-- Merges what was written into the index, where that is ours to do: only its owner may.
select gin_clean_pending_list(pg_class.oid)
from pg_class
where pg_class.oid = to_regclass('search_runs_grams_idx') and pg_has_role(current_user, pg_class.relowner, 'usage')
    and not pg_is_in_recovery()
