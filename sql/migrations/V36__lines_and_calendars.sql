-- What the first in a line were told of places that are fewer than they wait for, and the number of each change in a calendar.

alter table tickets add column sequence integer;
comment on column tickets.sequence is 'The number of its last change in the calendar of its holder: it grows with each ticket of the event that they buy or give back. Set by a trigger; null for one from before, which counts by its time.';
