-- files/insert
-- On its way: what breaks off now leaves a row by which the bytes are found and removed.
insert into files (id, owner_id, name, content_type, size, width, height, thumbnail_type, thumbnail_size)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
