-- roles/lock_administrators
-- Those who give roles meanwhile hold the row for key share, which this does not disturb.
select from roles where '*' = any (permissions) order by name for no key update
