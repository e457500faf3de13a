-- tickets/refusal
-- Why somebody ($2) may not have so many places of an event now; null where they may. What has run out is released before.
select sale_refusal($1, $2, $3) from release_holds($1)
