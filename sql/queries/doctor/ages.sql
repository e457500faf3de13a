-- doctor/ages
-- How far the database is from running out of transaction numbers, and out of those of shared row locks: at two thousand
-- million it stops taking writes.
select
    greatest(age(datfrozenxid), mxid_age(datminmxid)), current_setting('autovacuum_freeze_max_age')::int
from pg_database
where datname = current_database()
