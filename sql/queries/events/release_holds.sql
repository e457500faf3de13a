-- events/release_holds
-- Ends the holds of an event that have run out; answers how many.
select release_holds($1)
